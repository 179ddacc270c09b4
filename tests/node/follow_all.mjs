// Follows a feed, the comments on a post and an inbox by graphql-ws and by graphql-sse, as docs/clients.md has it, whose
// files are in the directory given. Arguments: the directory, the server's address, a username, a password, a post.
// Prints "ready", then each event on a line of its own: ws or sse, the subscription, the cursor, the id of its thing.

const [home, address, login, password, post] = process.argv.slice(2);
const url = `${address}/graphql`;

const { Session } = await import(`${home}/session.js`);
const { asEvents, overWebSocket } = await import(`${home}/live.js`);

const EVENT = "cursor edge { cursor node { id } }";
const CURSORS = `query ($post: ID!) {
  post(id: $post) { comments(first: 1) { liveCursor } }
  viewer { feed(first: 1) { liveCursor } notifications(first: 1) { liveCursor } }
}`;

const session = await Session.logIn(url, { login, password });
const headers = { "content-type": "application/json" };
const body = JSON.stringify({ query: CURSORS, variables: { post } });
const { data } = await (await session.fetch(url, { method: "POST", headers, body })).json();

const subscriptions = {
  feedPostAdded: {
    query: `subscription ($after: String) { feedPostAdded(after: $after) { ${EVENT} } }`,
    variables: { after: data.viewer.feed.liveCursor },
  },
  commentAdded: {
    query: `subscription ($post: ID!, $after: String) { commentAdded(postId: $post, after: $after) { ${EVENT} } }`,
    variables: { post, after: data.post.comments.liveCursor },
  },
  notificationAdded: {
    query: `subscription ($after: String) { notificationAdded(after: $after) { ${EVENT} } }`,
    variables: { after: data.viewer.notifications.liveCursor },
  },
};
const clients = { ws: overWebSocket(url, session), sse: asEvents(url, session) };

for (const [transport, client] of Object.entries(clients)) {
  for (const [name, operation] of Object.entries(subscriptions)) {
    client.subscribe(operation, {
      next: ({ data, errors }) => {
        if (errors) return console.log("failed", transport, name, JSON.stringify(errors));
        const { cursor, edge } = data[name];
        console.log(transport, name, cursor, edge.node.id);
      },
      error: (trouble) => console.log("failed", transport, name, JSON.stringify(trouble), String(trouble)),
      complete: () => console.log("failed", transport, name, "complete"),
    });
  }
}
console.log("ready");
