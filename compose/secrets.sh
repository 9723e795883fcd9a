#!/usr/bin/env bash
# Makes the secrets that compose.yaml mounts, in compose/secrets or in the folder given. What is there already stays as it is.
set -euo pipefail
folder=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/secrets}
# Nobody else enters the folder. The files can be read by everybody who does, since each container has a user of its own.
install -d -m 700 "$folder"
cd "$folder"

# put NAME: standard input becomes the file NAME, whole or not at all, and never instead of one.
put() {
    if [[ -e $1 ]]; then cat >/dev/null; return; fi
    cat >".$1.new"
    chmod 444 ".$1.new"
    mv ".$1.new" "$1"
    echo "made $folder/$1" >&2
}
random() { openssl rand -hex 32 | tr -d '\n'; }

for name in postgres-password medgan-db-password keycloak-db-password keycloak-admin-password rabbitmq-password minio-password \
    orthanc-password medgan-pacs-secret medgan-pipeline-secret object-keys; do
    random | put "$name"
done
printf 'Host=postgres;Database=medgan;Username=medgan;Password=%s' "$(<medgan-db-password)" | put database
printf 'default_user = medgan\ndefault_pass = %s\n' "$(<rabbitmq-password)" | put rabbitmq.conf

# Keycloak's certificate, which the API trusts as it is. To renew it, remove both files and run this again.
if [[ ! -e keycloak.crt || ! -e keycloak.key ]]; then
    rm -f keycloak.crt keycloak.key
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 825 -subj /CN=keycloak \
        -addext subjectAltName=DNS:keycloak,DNS:localhost -addext extendedKeyUsage=serverAuth \
        -keyout .key -out .crt 2>/dev/null
    put keycloak.key <.key
    put keycloak.crt <.crt
    rm -f .key .crt
fi
