"""The Lua scripts of a timeline: one key each, atomic, and refused at the start where Redis has no memory left.

A timeline is a sorted set whose scores are all 0, so that its members are ordered by their bytes: `feed_id`s in 13
base32hex digits, and before them one header, `!token:state:floor:ver:built`:
  token   16 hex digits, of this incarnation          floor  complete at and above it, silent below
  state   B(uilding) or L(ive)                        ver    the follow list that it reflects
  built   Unix seconds of the database, before it was marked
"""

_TOOLS = """
local key = KEYS[1]
local header = redis.call('ZRANGE', key, 0, 0)[1]
if not header or string.byte(header) ~= 33 then return 0 end
local token, state, floor, ver, built = string.match(header, '^!(%x+):(%a):(%w+):(%d+):(%d+)$')

local function trim(cap, slack)  -- more than `slack` beyond the cap: down to the cap
  local over = redis.call('ZCARD', key) - 1 - cap
  if over > slack then
    redis.call('ZREMRANGEBYRANK', key, 1, over)
    local lowest = redis.call('ZRANGE', key, 1, 1)[1]
    if lowest > floor then floor = lowest end
  end
end

local function raise_floor(to)
  if to > floor then
    floor = to
    redis.call('ZREMRANGEBYLEX', key, '(!~', '(' .. floor)
  end
end

local function add(from)
  for i = from, #ARGV do
    if ARGV[i] >= floor then redis.call('ZADD', key, 0, ARGV[i]) end
  end
end

local function reflect(to)
  if tonumber(to) > tonumber(ver) then ver = to end
end

local function save()
  local saved = '!' .. token .. ':' .. state .. ':' .. floor .. ':' .. ver .. ':' .. built
  if saved ~= header then  -- added before the other goes: a set that is empty loses its time to live
    redis.call('ZADD', key, 0, saved)
    redis.call('ZREM', key, header)
  end
end
"""

_HEAD = "#!lua" + _TOOLS

PUSH = (
    """#!lua
-- member, cap, slack; most pushes need no trim, and end before what it takes is made
local header = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
if not header or string.byte(header) ~= 33 then return 0 end
if ARGV[1] < string.sub(header, 21, 33) then return 0 end  -- its floor
redis.call('ZADD', KEYS[1], 0, ARGV[1])
if redis.call('ZCARD', KEYS[1]) - 1 <= ARGV[2] + ARGV[3] then return 1 end
"""
    + _TOOLS
    + """
trim(tonumber(ARGV[2]), tonumber(ARGV[3]))
save()
return 1
"""
)

MARK = """#!lua
-- token, built, oldest (a timeline built then or before is as good as none), seconds to build in
local key = KEYS[1]
local header = redis.call('ZRANGE', key, 0, 0)[1]
if header and string.byte(header) == 33 then
  local built = string.match(header, ':(%d+)$')
  if tonumber(built) > tonumber(ARGV[3]) then return header end
end
redis.call('DEL', key)
header = '!' .. ARGV[1] .. ':B:0000000000000:0:' .. ARGV[2]
redis.call('ZADD', key, 0, header)
redis.call('EXPIRE', key, ARGV[4])
return header
"""

MERGE = (
    _HEAD
    + """
-- token, floor, ver, cap, seconds to live, members...
if token ~= ARGV[1] or state ~= 'B' then return 0 end
raise_floor(ARGV[2])
add(6)
state = 'L'
reflect(ARGV[3])
trim(tonumber(ARGV[4]), 0)
save()
redis.call('EXPIRE', key, ARGV[5])
return 1
"""
)

SYNC = (
    _HEAD
    + """
-- token, floor, ver, cap, members...
if token ~= ARGV[1] or state ~= 'L' then return 0 end
raise_floor(ARGV[2])
add(5)
reflect(ARGV[3])
trim(tonumber(ARGV[4]), 0)
save()
return 1
"""
)

PURGE = (
    _HEAD
    + """
-- ver that the members were judged at, members...
if tonumber(ver) > tonumber(ARGV[1]) then return 0 end
return redis.call('ZREM', key, unpack(ARGV, 2))
"""
)

READ = """#!lua flags=no-writes
-- below (exclusive), how many; gives the header and the highest members
local key = KEYS[1]
local header = redis.call('ZRANGE', key, 0, 0)[1]
if not header or string.byte(header) ~= 33 then return {} end
return {header, redis.call('ZRANGE', key, '(' .. ARGV[1], '(!~', 'BYLEX', 'REV', 'LIMIT', 0, ARGV[2])}
"""
