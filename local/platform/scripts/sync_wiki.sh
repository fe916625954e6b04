#!/usr/bin/env bash
# Pushes docs/wiki/* into the GitLab wiki. Needs GITLAB_TOKEN.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

: "${GITLAB_TOKEN:?set GITLAB_TOKEN (scope: api)}"
GITLAB_URL="${GITLAB_URL:-https://gitlab.ravenhelm.test}"
PROJECT="${WIKI_PROJECT:-platform%2Fravenhelm}"

for page in docs/wiki/*.md; do
  slug="$(basename "$page" .md)"
  status="$(curl -sk -o /dev/null -w '%{http_code}' -H "PRIVATE-TOKEN: $GITLAB_TOKEN" \
    "$GITLAB_URL/api/v4/projects/$PROJECT/wikis/$slug")"
  if [[ "$status" == "200" ]]; then
    method=PUT url="$GITLAB_URL/api/v4/projects/$PROJECT/wikis/$slug"
  else
    method=POST url="$GITLAB_URL/api/v4/projects/$PROJECT/wikis"
  fi
  curl -skf -X "$method" -H "PRIVATE-TOKEN: $GITLAB_TOKEN" "$url" \
    --data-urlencode "title=$slug" --data-urlencode "content@$page" >/dev/null
  echo "  $slug ($method)"
done
