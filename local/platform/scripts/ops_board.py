#!/usr/bin/env python3
"""List, create and move issues of the Operations Board. Needs GITLAB_TOKEN."""
import json
import os
import sys
import urllib.parse
import urllib.request

BASE = os.environ.get("GITLAB_URL", "https://gitlab.ravenhelm.test") + "/api/v4/projects/platform%2Fravenhelm"
COLUMNS = ["workflow::ready", "workflow::doing", "workflow::review", "workflow::done"]


def call(method, path, **fields):
    request = urllib.request.Request(
        BASE + path,
        method=method,
        data=urllib.parse.urlencode(fields).encode() if fields else None,
        headers={"PRIVATE-TOKEN": os.environ["GITLAB_TOKEN"]},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def main(argv):
    if argv[:1] == ["list"]:
        for issue in call("GET", "/issues?state=opened&per_page=100"):
            column = next((label for label in issue["labels"] if label in COLUMNS), "-")
            print(f"{issue['iid']:>5}  {column:<18} {issue['title']}")
    elif argv[:1] == ["create"] and len(argv) == 2:
        print(call("POST", "/issues", title=argv[1], labels=COLUMNS[0])["web_url"])
    elif argv[:1] == ["move"] and len(argv) == 3 and argv[2] in COLUMNS:
        remove = ",".join(column for column in COLUMNS if column != argv[2])
        call("PUT", f"/issues/{argv[1]}", add_labels=argv[2], remove_labels=remove)
    else:
        sys.exit("usage: ops_board.py list | create TITLE | move IID " + "|".join(COLUMNS))


if __name__ == "__main__":
    main(sys.argv[1:])
