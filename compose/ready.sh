#!/bin/bash
# ready PORT: succeeds when http://127.0.0.1:PORT/health/ready answers 200. The images have no HTTP client.
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3
read -r -t 10 _ status _ <&3
[[ $status == 200 ]]
