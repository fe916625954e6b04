"""GitLab tools for agents over MCP, served with mTLS."""
import os
import ssl

import gitlab
import uvicorn
from fastmcp import FastMCP
from starlette.responses import PlainTextResponse

from .secrets import load_secret

mcp = FastMCP("gitlab")
client = gitlab.Gitlab(os.environ["GITLAB_BASE_URL"], private_token=load_secret()["token"])


@mcp.tool
def list_open_issues(project: str) -> list[dict]:
    """Open issues of a project, newest first."""
    issues = client.projects.get(project).issues.list(state="opened", per_page=50)
    return [{"iid": issue.iid, "title": issue.title, "url": issue.web_url} for issue in issues]


@mcp.tool
def read_file(project: str, path: str, ref: str = "main") -> str:
    """The text of one file at a ref."""
    return client.projects.get(project).files.get(file_path=path, ref=ref).decode().decode()


@mcp.custom_route("/healthz", methods=["GET"])
async def healthz(_request):
    return PlainTextResponse("ok")


if __name__ == "__main__":
    uvicorn.run(
        mcp.http_app(),
        host="0.0.0.0",
        port=8443,
        ssl_certfile=os.environ["MCP_TLS_CERT"],
        ssl_keyfile=os.environ["MCP_TLS_KEY"],
        ssl_ca_certs=os.environ["MCP_TLS_CA"],
        ssl_cert_reqs=ssl.CERT_REQUIRED,
    )
