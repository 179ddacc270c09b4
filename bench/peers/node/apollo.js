// Apollo Server 5 on Express 5.
import http from 'node:http'
import express from 'express'
import { ApolloServer } from '@apollo/server'
import { expressMiddleware } from '@as-integrations/express5'
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer'
import { typeDefs } from './schema.js'
import { makeLoaders, resolvers } from './loaders.js'

const app = express()
const httpServer = http.createServer(app)
const server = new ApolloServer({ typeDefs, resolvers, introspection: false, plugins: [ApolloServerPluginDrainHttpServer({ httpServer })] })
await server.start()
app.use('/graphql', express.json(), expressMiddleware(server, {
  context: async ({ req }) => {
    const viewerId = req.headers['x-user-id']
    return { viewerId, loaders: makeLoaders(viewerId) }
  }
}))
httpServer.listen(+process.env.PORT, '127.0.0.1')
