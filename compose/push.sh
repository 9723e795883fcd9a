#!/usr/bin/env bash
# Lets Orthanc push studies into a cohort: ./push.sh PROJECT COHORT. The token lasts eight hours, and Orthanc keeps it in memory only.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
project=${1:?name the project} cohort=${2:?name the cohort}
token=$(./token.sh medgan-pacs)
printf '{"Url":"http://api:8480/projects/%s/cohorts/%s/dicomweb/","ChunkedTransfers":true,"HttpHeaders":{"Authorization":"Bearer %s"}}' "$project" "$cohort" "$token" \
    | docker compose exec -T orthanc sh -c 'curl -fsS -u "medgan:$(cat /run/secrets/orthanc-password)" -X PUT --data-binary @- http://127.0.0.1:8042/dicom-web/servers/medgan'
