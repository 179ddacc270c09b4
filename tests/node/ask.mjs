// Runs one operation through graphql-ws or graphql-sse and prints what came, as JSON: {"results"} or {"results", "error"}.
// Arguments: ws or sse, the address, the document.

import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";

const [transport, address, query] = process.argv.slice(2);
const authorization = "Bearer good";
const client =
  transport === "ws"
    ? createWsClient({ url: `${address.replace("http", "ws")}/graphql`, connectionParams: { authorization } })
    : createSseClient({ url: `${address}/graphql`, headers: { authorization } });

const results = [];
let error;
try {
  for await (const result of client.iterate({ query })) results.push(result);
} catch (thrown) {
  error = thrown;
}
console.log(JSON.stringify({ results, error }));
process.exit(0);
