// An identity provider for tests: oidc-provider with one public client, on the loopback address.
//
//   node provider.mjs PORT AUDIENCE ALG
//
// Anybody logs in by the name that he types; whose name is "operator:1" has the role operator, and
// all others are customers. A line "rotate" on standard input makes a new key, with which it signs
// from then on; the former one stays in its set for tokens that are about. "drop" takes the former
// ones out. Each is answered with a line.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

const [port, audience, alg] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
let made = 0;

async function newKey() {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, crv: "Ed25519" });
  made += 1;
  return { ...(await exportJWK(privateKey)), kid: `key-${made}`, alg, use: "sig" };
}

function provider(keys) {
  const made = new Provider(issuer, {
    jwks: { keys },
    clients: [{
      client_id: "shop",
      redirect_uris: [`${issuer}/back`],
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
      id_token_signed_response_alg: alg,
    }],
    enabledJWA: { idTokenSigningAlgValues: [alg, "RS256"] },
    cookies: { keys: ["of a test"] },
    pkce: { required: () => true },
    ttl: { AccessToken: 600, Grant: 600, Session: 600, Interaction: 600, AuthorizationCode: 60,
           IdToken: 600 },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    extraTokenClaims: (_, token) => ({
      roles: [token.accountId === "operator:1" ? "operator" : "customer"],
    }),
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: "orders",
          audience,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg } },
        }),
      },
    },
  });
  return made.callback();
}

let keys = [await newKey()];
let answer = provider(keys);
const server = createServer((request, response) => answer(request, response));
server.listen(Number(port), "127.0.0.1", () => console.log("ready"));

for await (const line of createInterface({ input: process.stdin })) {
  if (line === "rotate") keys = [await newKey(), ...keys];
  else if (line === "drop") keys = keys.slice(0, 1);
  else continue;
  answer = provider(keys);
  console.log(`signs with ${keys[0].kid}, knows ${keys.length}`);
}
server.close();
server.closeAllConnections();
