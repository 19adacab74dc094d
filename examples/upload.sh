#!/usr/bin/env bash
# Uploads files to a Cryptlex release: upload.sh RELEASE_ID FILE...
# Needs curl 7.76 or later, and a token with the scopes release:read and release:write.
# This is for the cloud; on-premise servers accept a multipart form (--form file=@FILE).
set -euo pipefail

: "${CRYPTLEX_ACCESS_TOKEN:?is not set}"
# The EU region is at https://releases.eu.cryptlex.com.
releases_url=${CRYPTLEX_RELEASES_URL:-https://releases.cryptlex.com}

release_id=${1:?Usage: upload.sh RELEASE_ID FILE...}
shift
if [[ $# -eq 0 ]]; then
  echo 'Name the files to upload.' >&2
  exit 2
fi

for file in "$@"; do
  name=${file##*/}
  if [[ ! $name =~ ^[A-Za-z0-9._-]+$ ]]; then
    echo "Cryptlex accepts letters, digits, '.', '-' and '_' in a file name: $name" >&2
    exit 2
  fi
  echo "Uploading $name"
  # By standard input, so that no list of processes shows the token. A PUT may safely be repeated.
  printf 'Authorization: Bearer %s\n' "$CRYPTLEX_ACCESS_TOKEN" |
    curl --fail-with-body --silent --show-error --retry 3 --connect-timeout 10 --max-time 1800 \
      --header @- --header 'Content-Type: application/octet-stream' \
      --upload-file "$file" "$releases_url/v3/$release_id/$name"
  echo
done
