// PostGraphile 5 on node:http: one statement for all of it. The feed is pulled: no Redis.
import { createServer } from 'node:http'
import { postgraphile } from 'postgraphile'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { extendSchema } from 'postgraphile/utils'
import { connection, context, lambda } from 'postgraphile/grafast'
import { TYPES } from 'postgraphile/@dataplan/pg'

const CDN = 'https://cdn.example.com/'
const url = (key) => (key == null ? null : CDN + key)
const iso = (t) => new Date(t).toISOString()

const FeedPlugin = extendSchema((build) => {
  const { sql, pgResources: { posts, users, media, comments, likes, follows } } = build
  const viewerId = () => context().get('viewerId')
  // a row by primary key: Grafast inlines it into the parent's SELECT as a left join
  const has = ($row, column) => lambda($row.get(column), (v) => v != null, true)
  const attr = (name) => ($row) => $row.get(name)
  return {
    typeDefs: /* GraphQL */ `
      extend type Query { viewer: Viewer }
      type Viewer { id: ID! feed(first: Int = 20, after: String): FeedConnection! }
      type FeedConnection { pageInfo: PageInfo! edges: [FeedEdge!]! }
      type FeedEdge { cursor: String! node: FeedPost! }
      type FeedPost {
        id: ID! caption: String! createdAt: String! likeCount: Int! commentCount: Int! viewerHasLiked: Boolean!
        author: Account! media: [MediaItem!]! comments(first: Int = 2): FeedCommentConnection!
      }
      type Account { id: ID! username: String! displayName: String! bio: String! viewerIsFollowing: Boolean! }
      type MediaItem { id: ID! kind: String! url: String! width: Int! height: Int! blurhash: String! }
      type FeedCommentConnection { edges: [FeedCommentEdge!]! }
      type FeedCommentEdge { node: FeedComment! }
      type FeedComment { id: ID! text: String! createdAt: String! author: Account! }
    `,
    objects: {
      Query: { plans: { viewer: () => context() } },
      Viewer: {
        plans: {
          id: ($ctx) => $ctx.get('viewerId'),
          feed ($ctx, { $first, $after }) {
            const $posts = posts.find()
            const $viewer = $posts.placeholder($ctx.get('viewerId'), TYPES.bigint)
            $posts.where(sql`${$posts.alias}.author_id in (
              select follows.followee_id from public.follows where follows.follower_id = ${$viewer}
              union all select ${$viewer}
            )`)
            $posts.orderBy({ attribute: 'id', direction: 'DESC' })
            $posts.setOrderIsUnique()
            const $c = connection($posts)
            $c.setFirst($first)
            $c.setAfter($after)
            return $c
          }
        }
      },
      FeedConnection: { plans: { edges: ($c) => $c.edges(), pageInfo: ($c) => $c.pageInfo() } },
      FeedEdge: { plans: { cursor: ($e) => $e.cursor(), node: ($e) => $e.node() } },
      FeedPost: {
        plans: {
          id: attr('id'),
          caption: attr('caption'),
          createdAt: ($p) => lambda($p.get('created_at'), iso, true),
          likeCount: attr('like_count'),
          commentCount: attr('comment_count'),
          viewerHasLiked: ($p) => has(likes.get({ post_id: $p.get('id'), user_id: viewerId() }), 'user_id'),
          author: ($p) => users.get({ id: $p.get('author_id') }),
          media ($p) {
            const $m = media.find({ post_id: $p.get('id') })
            $m.orderBy({ attribute: 'position', direction: 'ASC' })
            return $m
          },
          comments ($p, { $first }) {
            const $m = comments.find({ post_id: $p.get('id') })
            $m.orderBy({ attribute: 'id', direction: 'DESC' })
            $m.setOrderIsUnique()
            const $c = connection($m)
            $c.setFirst($first)
            return $c
          }
        }
      },
      Account: {
        plans: {
          id: attr('id'),
          username: attr('username'),
          displayName: attr('display_name'),
          bio: attr('bio'),
          viewerIsFollowing: ($u) => has(follows.get({ follower_id: viewerId(), followee_id: $u.get('id') }), 'follower_id')
        }
      },
      MediaItem: {
        plans: {
          id: attr('id'),
          kind: attr('kind'),
          url: ($m) => lambda($m.get('object_key'), url, true),
          width: attr('width'),
          height: attr('height'),
          blurhash: attr('blurhash')
        }
      },
      FeedCommentConnection: { plans: { edges: ($c) => $c.edges() } },
      FeedCommentEdge: { plans: { node: ($e) => $e.node() } },
      FeedComment: {
        plans: {
          id: attr('id'),
          text: attr('text'),
          createdAt: ($c) => lambda($c.get('created_at'), iso, true),
          author: ($c) => users.get({ id: $c.get('author_id') })
        }
      }
    }
  }
})

const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [FeedPlugin],
  pgServices: [makePgService({ connectionString: process.env.DATABASE_URL, schemas: ['public'], poolConfig: { max: 10, idleTimeoutMillis: 0 } })],
  grafast: {
    explain: false,
    context: (rc) => ({ viewerId: rc.node?.req?.headers['x-user-id'] })
  },
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false }
})
const server = createServer()
await pgl.createServ(grafserv).addTo(server)
server.listen(+process.env.PORT, '127.0.0.1')
