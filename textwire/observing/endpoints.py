"""/livez, /readyz and /metrics of a service, on a port of its own.

/livez fails where a restart would help: something hangs or has died. /readyz fails while work
cannot be done, whatever the cause. Both say why, and what works worse than it should.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from threading import Thread
from time import sleep
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import structlog
from prometheus_client import CollectorRegistry, make_wsgi_app

from textwire.errors import PortTaken
from textwire.hosts import family_of
from textwire.observing.health import Health
from textwire.observing.liveness import Liveness
from textwire.observing.readyz_text import Readiness

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
TEXT = ("Content-Type", "text/plain; charset=utf-8")
# A client that says nothing keeps a thread and a file descriptor for no longer.
SILENT_AT_MOST_S = 10.0
# Where no connection can be taken, for want of file descriptors, the next try can wait.
TRY_AGAIN_S = 1.0

log = structlog.get_logger()


class Endpoints:
    """Serves them from a thread until closed."""

    def __init__(
        self,
        host: str,
        port: int,
        health: Health,
        registry: CollectorRegistry,
        liveness: Liveness | None = None,
    ) -> None:
        """Listen.

        Raises: PortTaken.
        """
        self._health = health
        self._liveness = liveness or Liveness()
        self._metrics = make_wsgi_app(registry)
        try:
            self._server = make_server(host, port, self._answer, _server_on(host), _Silent)
        except OSError as error:
            raise PortTaken(
                f"Port {port} of {host} cannot be listened on ({error}). Set TEXTWIRE_SERVICE_PORT "
                "to a free one, or TEXTWIRE_SERVICE_HOST to an address of this machine."
            ) from error
        self.port = self._server.server_port
        self._thread = Thread(target=self._server.serve_forever, name="endpoints", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        match environ["PATH_INFO"]:
            case "/livez":
                hung = self._liveness.hung
                return _text(start, not hung, "\n".join(hung or ["alive"]) + "\n")
            case "/readyz":
                told = Readiness(self._health.reason, self._health.warnings)
                return _text(start, told.ready, told.text)
            case "/metrics":
                metrics: Iterable[bytes] = self._metrics(environ, start)
                return metrics
            case _:
                start("404 Not Found", [TEXT])
                return [b"/livez, /readyz and /metrics are here\n"]


def _text(start: StartResponse, is_well: bool, text: str) -> list[bytes]:
    # A new list each time: the server adds the length to it.
    start("200 OK" if is_well else "503 Service Unavailable", [TEXT])
    return [text.encode()]


class _Server(ThreadingMixIn, WSGIServer):
    """A thread for each request: a client that says nothing must not hold up a probe."""

    daemon_threads = True

    def get_request(self) -> Any:
        """A connection; where there can be none now, not at once again."""
        try:
            return super().get_request()
        except OSError as error:
            log.warning("a probe was not answered", reason=str(error))
            sleep(TRY_AGAIN_S)
            raise

    def handle_error(self, _request: Any, _client: Any) -> None:
        """A client that went away, or a thread that could not be started: one line."""
        log.warning("a probe was not answered", reason=repr(sys.exception()))


def _server_on(host: str) -> type[_Server]:
    return type("Server", (_Server,), {"address_family": family_of(host)})


class _Silent(WSGIRequestHandler):
    """Logs no requests: probes ask every second."""

    timeout = SILENT_AT_MOST_S  # of each reading from the client

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""
