// Starts GraphiQL. Where the page names a demo account, signs in as that account first.

const place = document.getElementById("graphiql");
const { login, password } = place.dataset;

const TOKENS = "{ tokens { accessToken accessTokenExpiresAt refreshToken } userErrors { message } }";
const LOG_IN = `mutation ($input: LogInInput!) { payload: logIn(input: $input) ${TOKENS} }`;
const REFRESH = `mutation ($input: RefreshSessionInput!) { payload: refreshSession(input: $input) ${TOKENS} }`;
const MARGIN_MS = 60_000; // a token that ends sooner is replaced before it is sent

const issued = new Set(); // every access token that this page got; tabs may still show an earlier one
let tokens = null;
let renewal = null; // under way, for all who wait for it

async function swap(query, input) {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data, errors } = await response.json();
  const problem = errors?.[0] ?? data?.payload?.userErrors[0];
  if (problem) throw new Error(problem.message);
  tokens = data.payload.tokens;
  issued.add(tokens.accessToken);
}

const logIn = () => swap(LOG_IN, { login, password });
const refresh = () => swap(REFRESH, { refreshToken: tokens.refreshToken }).catch(logIn);

async function freshToken() {
  if (Date.parse(tokens.accessTokenExpiresAt) - Date.now() < MARGIN_MS) {
    renewal ??= refresh().finally(() => (renewal = null));
    await renewal;
  }
  return tokens.accessToken;
}

// Lower case, because the payload of a WebSocket's connection_init knows `authorization` only.
async function withFreshToken(headers = {}) {
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const sent = String(named.authorization ?? "").replace(/^Bearer /, "");
  return issued.has(sent) ? { ...named, authorization: `Bearer ${await freshToken()}` } : named;
}

const here = new URL("/graphql", location);
const there = new URL(here);
there.protocol = here.protocol.replace("http", "ws");
const send = GraphiQL.createFetcher({ url: here.href, subscriptionUrl: there.href });
const fetcher = async (parameters, options = {}) =>
  send(parameters, { ...options, headers: await withFreshToken(options.headers) });

async function start() {
  if (login) await logIn().catch((problem) => console.warn(`Signing in as ${login} failed: ${problem.message}`));
  const headers = tokens && JSON.stringify({ Authorization: `Bearer ${tokens.accessToken}` }, null, 2);
  const logo = React.createElement("a", { className: "photofeed", href: "/graphql" }, "Photofeed");
  const graphiql = React.createElement(
    GraphiQL,
    {
      fetcher,
      defaultTabs: examples(login),
      defaultHeaders: headers ?? undefined,
      defaultEditorToolsVisibility: headers ? "headers" : "variables",
      showPersistHeadersSettings: false,
    },
    React.createElement(GraphiQL.Logo, null, logo),
  );
  ReactDOM.createRoot(place).render(graphiql);
}

start();
