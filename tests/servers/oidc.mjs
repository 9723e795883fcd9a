// An OpenID Connect provider for tests: oidc.mjs PORT CONFIG. CONFIG is a JSON file with "jwks" (private keys) and "clients"
// (id -> { secret, audience, lifetime, claims }). Access tokens are JWTs by client credentials, with the claims of their client.
import { readFileSync } from 'node:fs';
import { Provider } from 'oidc-provider';

const [port, file] = process.argv.slice(2);
const { jwks, clients } = JSON.parse(readFileSync(file, 'utf8'));

const provider = new Provider(`http://127.0.0.1:${port}`, {
  jwks,
  clients: Object.entries(clients).map(([client_id, { secret }]) => ({
    client_id, client_secret: secret, grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
  })),
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'urn:medgan',
      useGrantedResource: () => true,
      getResourceServerInfo: (_, __, client) => ({
        scope: '', audience: clients[client.clientId].audience, accessTokenTTL: clients[client.clientId].lifetime ?? 300,
        accessTokenFormat: 'jwt', jwt: { sign: { alg: jwks.keys[0].alg } },
      }),
    },
  },
  extraTokenClaims: (_, token) => clients[token.clientId].claims,
});
provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
