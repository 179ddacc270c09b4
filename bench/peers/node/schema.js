export const typeDefs = /* GraphQL */ `
  scalar DateTime
  enum MediaKind { IMAGE VIDEO }
  type Query { viewer: Viewer }
  type Viewer { id: ID! feed(first: Int = 20, after: String): PostConnection! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type PostConnection { pageInfo: PageInfo! edges: [PostEdge!]! }
  type PostEdge { cursor: String! node: Post! }
  type Post {
    id: ID! caption: String! createdAt: DateTime! likeCount: Int! commentCount: Int! viewerHasLiked: Boolean!
    author: User! media: [Media!]! comments(first: Int = 2): CommentConnection!
  }
  type User { id: ID! username: String! displayName: String! bio: String! viewerIsFollowing: Boolean! }
  type Media { id: ID! kind: MediaKind! url: String! width: Int! height: Int! blurhash: String! }
  type CommentConnection { edges: [CommentEdge!]! }
  type CommentEdge { node: Comment! }
  type Comment { id: ID! text: String! createdAt: DateTime! author: User! }
`
