// DataLoaders of one request, and resolvers: for Yoga, Apollo and mercurius-jit-dl.
import DataLoader from 'dataloader'
import { GraphQLScalarType } from 'graphql'
import * as d from './data.js'

export const DateTime = new GraphQLScalarType({ name: 'DateTime', serialize: (v) => v.toISOString() })

export function makeLoaders (viewerId) {
  const commentLoaders = new Map() // one per `first` argument
  return {
    post: new DataLoader(d.postsById),
    user: new DataLoader(d.usersById),
    media: new DataLoader(d.mediaByPost),
    liked: new DataLoader((ids) => d.likedBy(viewerId, ids)),
    followed: new DataLoader((ids) => d.followedBy(viewerId, ids)),
    comments (first) {
      if (!commentLoaders.has(first)) commentLoaders.set(first, new DataLoader((ids) => d.commentsByPost(ids, first)))
      return commentLoaders.get(first)
    }
  }
}

export const resolvers = {
  DateTime,
  Query: { viewer: (_r, _a, ctx) => (ctx.viewerId ? { id: ctx.viewerId } : null) },
  Viewer: {
    async feed (viewer, { first, after }, { loaders }) {
      const { ids, pageInfo } = await d.feedPage(viewer.id, first, after)
      const posts = await loaders.post.loadMany(ids)
      return { pageInfo, edges: posts.map((node, i) => ({ cursor: ids[i], node })) }
    }
  },
  Post: {
    createdAt: (p) => p.created_at,
    likeCount: (p) => p.like_count,
    commentCount: (p) => p.comment_count,
    viewerHasLiked: (p, _a, { loaders }) => loaders.liked.load(p.id),
    author: (p, _a, { loaders }) => loaders.user.load(p.author_id),
    media: (p, _a, { loaders }) => loaders.media.load(p.id),
    comments: async (p, { first }, { loaders }) => ({ edges: (await loaders.comments(first).load(p.id)).map((node) => ({ node })) })
  },
  User: {
    displayName: (u) => u.display_name,
    viewerIsFollowing: (u, _a, { loaders }) => loaders.followed.load(u.id)
  },
  Media: { url: (m) => d.CDN + m.object_key },
  Comment: {
    createdAt: (c) => c.created_at,
    author: (c, _a, { loaders }) => loaders.user.load(c.author_id)
  }
}
