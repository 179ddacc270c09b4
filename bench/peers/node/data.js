// Data access of the Node peers: pg's pool and ioredis, one batched statement for each relation.
import pg from 'pg'
import Redis from 'ioredis'

export const CDN = 'https://cdn.example.com/'
const named = process.env.NAMED === '1' // statements are prepared, and known to Postgres by a name
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10, min: 10, idleTimeoutMillis: 0 })
const redis = new Redis(process.env.REDIS_URL)

const rows = async (name, text, values) => (await pool.query(named ? { name, text, values } : { text, values })).rows

function byId (ids, rows) {
  const found = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => found.get(id) ?? null)
}

function grouped (ids, rows, key) {
  const groups = new Map(ids.map((id) => [id, []]))
  for (const row of rows) groups.get(row[key]).push(row)
  return ids.map((id) => groups.get(id))
}

export async function feedPage (viewerId, first, after) {
  first = Math.min(Math.max(first ?? 20, 1), 100)
  const below = after ? `(${after}` : '+inf'
  const ids = await redis.zrevrangebyscore(`feed:${viewerId}`, below, '-inf', 'LIMIT', 0, first + 1)
  const hasNextPage = ids.length > first
  if (hasNextPage) ids.length = first
  return { ids, pageInfo: { hasNextPage, endCursor: ids.length ? ids[ids.length - 1] : null } }
}

export const postsById = async (ids) => byId(ids, await rows('posts',
  `select id, author_id, caption, like_count, comment_count, created_at
   from posts where id = any($1::bigint[])`, [ids]))

export const usersById = async (ids) => byId(ids, await rows('users',
  'select id, username, display_name, bio from users where id = any($1::bigint[])', [ids]))

export const mediaByPost = async (ids) => grouped(ids, await rows('media',
  `select id, post_id, kind, object_key, width, height, blurhash
   from media where post_id = any($1::bigint[]) order by post_id, position`, [ids]), 'post_id')

export async function likedBy (viewerId, ids) {
  const found = await rows('liked',
    'select post_id from likes where user_id = $1 and post_id = any($2::bigint[])', [viewerId, ids])
  const liked = new Set(found.map((row) => row.post_id))
  return ids.map((id) => liked.has(id))
}

export async function followedBy (viewerId, ids) {
  const found = await rows('followed',
    'select followee_id from follows where follower_id = $1 and followee_id = any($2::bigint[])', [viewerId, ids])
  const followed = new Set(found.map((row) => row.followee_id))
  return ids.map((id) => followed.has(id))
}

export const commentsByPost = async (ids, first) => grouped(ids, await rows('comments',
  `select c.id, c.post_id, c.author_id, c.text, c.created_at from unnest($1::bigint[]) p(id)
   cross join lateral (select * from comments where post_id = p.id order by id desc limit $2) c`,
  [ids, first]), 'post_id')
