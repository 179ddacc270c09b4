// Fastify and Mercurius, operations compiled at their first run. LOADERS=dataloader: those; else Mercurius' own.
import Fastify from 'fastify'
import mercurius from 'mercurius'
import * as data from './data.js'
import { typeDefs } from './schema.js'
import { makeLoaders, resolvers } from './loaders.js'

const viewerOf = (request) => request.headers['x-user-id']
const byDataLoader = {
  resolvers,
  context: (request) => ({ viewerId: viewerOf(request), loaders: makeLoaders(viewerOf(request)) })
}

const { createdAt, likeCount, commentCount } = resolvers.Post
const byMercurius = {
  resolvers: {
    DateTime: resolvers.DateTime,
    Query: resolvers.Query,
    Viewer: {
      async feed (viewer, { first, after }) {
        const { ids, pageInfo } = await data.feedPage(viewer.id, first, after)
        const posts = await data.postsById(ids)
        return { pageInfo, edges: posts.map((node, i) => ({ cursor: ids[i], node })) }
      }
    },
    Post: { createdAt, likeCount, commentCount },
    User: { displayName: resolvers.User.displayName },
    Media: resolvers.Media,
    Comment: { createdAt: resolvers.Comment.createdAt }
  },
  loaders: {
    Post: {
      author: authors,
      media: (queries) => data.mediaByPost(queries.map((query) => query.obj.id)),
      viewerHasLiked: (queries, { viewerId }) => data.likedBy(viewerId, queries.map((query) => query.obj.id)),
      async comments (queries) {
        const lists = await data.commentsByPost(queries.map((query) => query.obj.id), queries[0].params.first)
        return lists.map((list) => ({ edges: list.map((node) => ({ node })) }))
      }
    },
    User: {
      viewerIsFollowing: (queries, { viewerId }) => data.followedBy(viewerId, queries.map((query) => query.obj.id))
    },
    Comment: { author: authors }
  },
  context: (request) => ({ viewerId: viewerOf(request) })
}

async function authors (queries) { // they repeat, so each is asked for once
  const ids = [...new Set(queries.map((query) => query.obj.author_id))]
  const users = new Map((await data.usersById(ids)).map((user) => [user.id, user]))
  return queries.map((query) => users.get(query.obj.author_id))
}

const app = Fastify({ logger: false })
const loading = process.env.LOADERS === 'dataloader' ? byDataLoader : byMercurius
app.register(mercurius, { schema: typeDefs, jit: 1, graphiql: false, ...loading })
await app.listen({ host: '127.0.0.1', port: +process.env.PORT })
