"""GraphiQL for browsers, from this server alone: the page on GET /graphql, its files under /graphiql/."""

import html
import os
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from server.answers import media_ranges
from settings import Settings

HOME = Path(__file__).parent / "graphiql"

FILES = {
    "react.js": "node_modules/react/umd/react.production.min.js",
    "react-dom.js": "node_modules/react-dom/umd/react-dom.production.min.js",
    "graphiql.js": "node_modules/graphiql/graphiql.min.js",
    "graphiql.css": "node_modules/graphiql/graphiql.min.css",
    "start.js": "start.js",
    "examples.js": "examples.js",
    "page.css": "page.css",
}
"""All that is served, by the name under which it is served."""

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: {pictures}; font-src 'self' data:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""GraphiQL styles its elements inline, brings its fonts as data, and previews the pictures whose addresses it finds."""

MISSING = (
    "<!doctype html><title>Photofeed</title>"
    "GraphiQL's files are missing: run <code>npm ci --prefix server/graphiql</code>.\n"
)


class GraphiQLFiles(StaticFiles):
    def __init__(self) -> None:
        super().__init__(directory=HOME)

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        return super().lookup_path(FILES[path]) if path in FILES else ("", None)


class GraphiQLPage:
    """Called with a request: the page for a browser's visit, None for everything else."""

    def __init__(self, settings: Settings) -> None:
        self._is_on = settings.graphiql
        login, password = settings.graphiql_login, settings.graphiql_password
        demo = (login, password.get_secret_value()) if login and password else ("", "")
        page = Template((HOME / "page.html").read_text())
        self._page = page.substitute(login=html.escape(demo[0]), password=html.escape(demo[1]))
        pictures = _origin(settings.media_base_url or settings.s3_endpoint_url)
        self._headers = {
            "Content-Security-Policy": CONTENT_SECURITY_POLICY.format(pictures=pictures),
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            "Vary": "Accept",
        }

    def __call__(self, request: Request) -> Response | None:
        if not self._is_on or request.method not in ("GET", "HEAD") or "query" in request.query_params:
            return None
        if not media_ranges(request.headers.get("accept", "")).get("text/html"):
            return None
        are_there = all((HOME / path).is_file() for path in FILES.values())
        return HTMLResponse(self._page if are_there else MISSING, headers=self._headers)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
