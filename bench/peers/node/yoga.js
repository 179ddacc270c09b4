// GraphQL Yoga on node:http; operations are compiled by @envelop/graphql-jit.
import { createServer } from 'node:http'
import { createSchema, createYoga } from 'graphql-yoga'
import { useGraphQlJit } from '@envelop/graphql-jit'
import { typeDefs } from './schema.js'
import { makeLoaders, resolvers } from './loaders.js'

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  context: ({ request }) => {
    const viewerId = request.headers.get('x-user-id')
    return { viewerId, loaders: makeLoaders(viewerId) }
  },
  plugins: [useGraphQlJit()],
  logging: 'error',
  graphiql: false,
  landingPage: false
})
createServer(yoga).listen(+process.env.PORT, '127.0.0.1')
