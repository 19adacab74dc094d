#!/usr/bin/env bash
# Publishes a Cryptlex release, which makes it read-only for good: publish.sh RELEASE_ID
# Needs curl 7.76 or later, jq, and a token with the scopes release:read and release:write.
set -euo pipefail

: "${CRYPTLEX_ACCESS_TOKEN:?is not set}"
# The EU region is at https://api.eu.cryptlex.com.
api_url=${CRYPTLEX_API_URL:-https://api.cryptlex.com}
release_url=$api_url/v3/releases/${1:?Usage: publish.sh RELEASE_ID}

# By standard input, so that no list of processes shows the token.
call() {
  printf 'Authorization: Bearer %s\n' "$CRYPTLEX_ACCESS_TOKEN" |
    curl --fail-with-body --silent --show-error --connect-timeout 10 --max-time 60 --header @- "$@"
}

# A second run finds it published: that is no failure.
release=$(call --retry 3 "$release_url") || { echo "$release" >&2; exit 1; }
if [[ $(jq .published <<< "$release") == true ]]; then
  echo 'The release is published already.'
  exit
fi

# Not repeated by itself: if the answer is lost, run this again and it looks first.
release=$(call --request POST "$release_url/publish") || { echo "$release" >&2; exit 1; }
jq --raw-output '"Published \(.name), version \(.version)."' <<< "$release"
