#!/usr/bin/env bash
# A token of a service account: ./token.sh medgan-pacs (steward) or ./token.sh medgan-pipeline (researcher)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
client=${1:?name the client: medgan-pacs or medgan-pipeline}
docker compose exec -T api curl -fsS --cacert /run/secrets/keycloak.crt \
    -d grant_type=client_credentials -d "client_id=$client" --data-urlencode client_secret@- \
    https://keycloak:8443/realms/medgan/protocol/openid-connect/token <"secrets/$client-secret" \
    | sed -E 's/.*"access_token":"([^"]+)".*/\1/'
