// Follows `ticks` of the toy through graphql-ws or graphql-sse, and goes on after the last cursor whenever it is cut off.
// Arguments: ws or sse, the address, how many events to wait for. Prints the cursor of each event on a line of its own.

import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";

const [transport, address, most] = process.argv.slice(2);
const authorization = "Bearer good";
const soon = () => new Promise((resolve) => setTimeout(resolve, 20));
const retrying = { retryAttempts: Infinity };
let last = null;

const clients = {
  ws: () =>
    createWsClient({
      url: `${address.replace("http", "ws")}/graphql`,
      connectionParams: { authorization },
      retryWait: soon,
      shouldRetry: () => true,
      ...retrying,
    }),
  sse: () =>
    createSseClient({
      url: `${address}/graphql`,
      headers: () => (last ? { authorization, "last-event-id": last } : { authorization }),
      retry: soon,
      ...retrying,
    }),
};

const client = clients[transport]();
const variables = { after: null };
const query = "subscription ($after: String) { ticks(after: $after) { cursor } }";

async function follow() {
  for await (const { data, errors } of client.iterate({ query, variables })) {
    if (errors) return; // the token has ended
    last = data.ticks.cursor;
    if (transport === "ws") variables.after = last; // sent with the next try; an event stream has Last-Event-ID
    console.log(last);
    if (last === most) process.exit(0);
  }
}

for (;;) {
  await follow().catch((error) => console.error(error)); // 401 until there is a new token
  await soon();
}
