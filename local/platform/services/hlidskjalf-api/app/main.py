"""Control plane API. Only the health route is here; the rest comes from the hlidskjalf project."""
from fastapi import FastAPI

app = FastAPI(title="hlidskjalf-api")


@app.get("/healthz")
def healthz() -> dict[str, str]:
    return {"status": "ok"}
