-- Each request is another viewer's. FEED_BODY: a file with what all post. FEED_HEADERS: a file with a header a line.
local function slurp(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

local requests, at = {}, 0

function init(args)
  local body = slurp(os.getenv("FEED_BODY"))
  for line in io.lines(os.getenv("FEED_HEADERS")) do
    local name, value = line:match("^([^:]+): (.*)$")
    local headers = { ["content-type"] = "application/json", ["accept"] = "application/json", [name] = value }
    requests[#requests + 1] = wrk.format("POST", "/graphql", headers, body)
  end
  at = tonumber(args[1] or "0") % #requests
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('RESULT {"requests":%d,"us":%d,"bytes":%d,"p50_us":%.1f,"p99_us":%.1f,"bad":%d}\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
