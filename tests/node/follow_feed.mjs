// Shows a feed with a client of docs/clients.md, whose files are in the directory given.
// Arguments: the directory, the client, the server's address, a username, a password, how many seconds the clock is slow.
// Prints, each as JSON on a line of its own: ["page", ids], ["added", id], ["failed", text], ["closed", code].

const [home, client, address, login, password, slow] = process.argv.slice(2);
const url = `${address}/graphql`;
const tell = (...what) => console.log(JSON.stringify(what));

const now = Date.now;
Date.now = () => now() - Number(slow) * 1000;
globalThis.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("close", ({ code }) => tell("closed", code));
  }
};

const { Session } = await import(`${home}/session.js`);
const { followFeed, ...module } = await import(`${home}/${client}.js`);
const [create] = Object.values(module);
const session = await Session.logIn(url, { login, password });
await followFeed(create(url, session), {
  page: (edges) => tell("page", edges.map(({ node }) => node.id)),
  added: ({ node }) => tell("added", node.id),
  failed: (trouble) => tell("failed", String(trouble)),
});
