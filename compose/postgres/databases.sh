#!/bin/bash
# Makes the databases of MedGan and of Keycloak, each owned by an account of its own. The image runs it once, on an empty volume.
set -euo pipefail
psql --no-psqlrc -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\set medgan `cat /run/secrets/medgan-db-password`
\set keycloak `cat /run/secrets/keycloak-db-password`
CREATE ROLE medgan LOGIN PASSWORD :'medgan';
CREATE ROLE keycloak LOGIN PASSWORD :'keycloak';
CREATE DATABASE medgan OWNER medgan;
CREATE DATABASE keycloak OWNER keycloak;
REVOKE ALL ON DATABASE medgan, keycloak FROM PUBLIC;
SQL
