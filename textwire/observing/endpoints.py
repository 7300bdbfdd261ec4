"""/livez, /readyz and /metrics of a service, on a port of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

from textwire.errors import PortTaken
from textwire.hosts import family_of
from textwire.observing.health import Health

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
TEXT = ("Content-Type", "text/plain; charset=utf-8")


class Endpoints:
    """Serves them from a thread until closed."""

    def __init__(self, host: str, port: int, health: Health, registry: CollectorRegistry) -> None:
        """Listen.

        Raises: PortTaken.
        """
        self._health = health
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
        warnings = self._health.warnings
        match environ["PATH_INFO"]:
            case "/livez":
                return _text(start, "200 OK", "alive")
            case "/readyz" if self._health.ready:
                return _text(start, "200 OK", "; ".join(filter(None, ("ready", warnings))))
            case "/readyz":
                return _text(start, "503 Service Unavailable", self._health.reason)
            case "/metrics":
                metrics: Iterable[bytes] = self._metrics(environ, start)
                return metrics
            case _:
                return _text(start, "404 Not Found", "/livez, /readyz and /metrics are here")


def _text(start: StartResponse, status: str, line: str) -> list[bytes]:
    start(status, [TEXT])  # a new list each time: the server adds the length to it
    return [f"{line}\n".encode()]


class _Server(ThreadingMixIn, WSGIServer):
    """A thread for each request: a client that says nothing must not hold up a probe."""

    daemon_threads = True


def _server_on(host: str) -> type[_Server]:
    return type("Server", (_Server,), {"address_family": family_of(host)})


class _Silent(WSGIRequestHandler):
    """Logs no requests: probes ask every second."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""
