// A site's own chat proxy in Node 20, with nothing to install: it adds the credentials to SecondMe's `init` and `send`, and
// passes the answers through. It knows nothing of conversations.
//
//   SECONDME_CLIENT_ID=… SECONDME_CLIENT_SECRET=… SECONDME_API_KEY=sk-… ALLOWED_ORIGINS=https://shop.example node proxy.mjs
import { createServer } from "node:http";

const { SECONDME_CLIENT_ID, SECONDME_CLIENT_SECRET, SECONDME_API_KEY, ALLOWED_ORIGINS = "", PORT = 8080 } = process.env;
const SECONDME = (process.env.SECONDME_BASE_URL ?? "https://api.mindverse.com/gate/lab") + "/api/";
const LARGEST_BODY = 64 * 1024;
const origins = ALLOWED_ORIGINS.split(",");

// Each call's address at SecondMe, and what a page may say there; whatever else it sends stays here.
const calls = {
  "/chat/init": ["secondme/visitor-chat/init", ["visitorId", "visitorName"]],
  "/chat/send": ["secondme/visitor-chat/send", ["sessionId", "message"]],
};

const failure = (status, name, message) => ({ status, body: { code: status, subCode: "proxy." + name, message } });

async function ask(path, body, headers) {
  const signal = AbortSignal.timeout(15_000);
  const answer = await fetch(SECONDME + path, { method: "POST", body, headers, redirect: "error", signal });
  return { status: answer.status, body: await answer.json(), retryAfter: answer.headers.get("retry-after") };
}

// The app's token, asked for once for all who wait, and again a minute before it ends.
let token = { end: 0 };

function appToken() {
  if (Date.now() < token.end) return token.value;
  const credentials = { client_id: SECONDME_CLIENT_ID, client_secret: SECONDME_CLIENT_SECRET };
  const form = new URLSearchParams({ grant_type: "client_credentials", scope: "chat.write", ...credentials });
  const asked = (token = { end: Infinity });
  asked.value = ask("oauth/token/client", form).then(({ body }) => {
    if (!body.data?.accessToken) throw new Error(`there is no token: ${body.subCode}`);
    asked.end = Date.now() + (body.data.expiresIn - 60) * 1000;
    return body.data.accessToken;
  });
  asked.value.catch(() => (asked.end = 0));
  return asked.value;
}

async function forward([path, fields], said) {
  const kept = Object.fromEntries(fields.map((name) => [name, said[name]]));
  const body = JSON.stringify({ ...kept, apiKey: SECONDME_API_KEY });
  const headers = async () => ({ "content-type": "application/json", authorization: `Bearer ${await appToken()}` });
  const attempt = async () => ask(path, body, await headers());
  const answer = await attempt();
  if (answer.status !== 401) return answer;
  token.end = 0; // SecondMe looks at the token before anything else, so asking again doubles nothing.
  return attempt();
}

async function respond(request) {
  const call = calls[request.url.split("?")[0]];
  const { origin, "content-length": length = Infinity } = request.headers;
  if (!call) return failure(404, "invalid_request", "There is nothing at this address.");
  if (!origins.includes(origin)) return failure(403, "origin_not_allowed", "This origin is not listed.");
  if (request.method === "OPTIONS") return { status: 204 };
  if (request.method !== "POST") return failure(405, "invalid_request", "This address takes POST.");
  if (length > LARGEST_BODY) return failure(413, "invalid_request", "The body is too long, or does not say its length.");
  const said = await request.toArray().then((parts) => Object(JSON.parse(Buffer.concat(parts)))).catch(() => null);
  return said ? forward(call, said) : failure(400, "invalid_request", "The body is not JSON.");
}

createServer(async (request, response) => {
  const { status, body, retryAfter } = await respond(request).catch((error) => {
    console.error("SecondMe did not answer:", error.cause?.message ?? error.message);
    return { ...failure(503, "upstream_unavailable", "SecondMe did not answer."), retryAfter: 5 };
  });
  const origin = origins.includes(request.headers.origin) && { "access-control-allow-origin": request.headers.origin };
  const cors = { ...origin, vary: "origin", "access-control-allow-headers": "content-type" };
  const wait = retryAfter && { "retry-after": retryAfter, "access-control-expose-headers": "retry-after" };
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...cors, ...wait });
  response.end(body && JSON.stringify(body));
}).listen(PORT, "127.0.0.1", () => console.log(`The chat proxy listens on port ${PORT}.`));
