"""A TCP proxy that can be told to fail as networks do."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from enum import Enum
from threading import Thread
from typing import Any, TypeVar

from tests.chaos.loopback import LOOPBACK

Done = TypeVar("Done")

CHUNK_BYTES = 64 * 1024
LOOKS_EVERY_S = 0.05
ANSWERS_WITHIN_S = 10.0


class Weather(Enum):
    """How the network is."""

    OPEN = "open"  # bytes pass
    CUT = "cut"  # connections are reset, new ones are closed
    STALLED = "stalled"  # bytes wait, and pass once it is open again: a route that went and came
    VANISHING = "vanishing"  # bytes are swallowed; who is connected now never hears again


class TcpProxy:
    """Listens on a free port of loopback and passes bytes on, as the weather allows."""

    def __init__(self, target_port: int) -> None:
        self.weather = Weather.OPEN
        self.delay_s = 0.0
        self._target_port = target_port
        self._connections: set[_Connection] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        self._server = self._ask(asyncio.start_server(self._serve, LOOPBACK, 0))
        self.port: int = self._server.sockets[0].getsockname()[1]

    def open(self) -> None:
        """Let bytes pass, at once."""
        self.delay_s = 0.0
        self.weather = Weather.OPEN

    def cut(self) -> None:
        """Reset every connection, and take no new one."""
        self.weather = Weather.CUT
        self._ask(self._reset_all())

    def stall(self) -> None:
        """Hold every byte back."""
        self.weather = Weather.STALLED

    def swallow(self) -> None:
        """Lose every byte; connections stay up and are half open for ever."""
        self.weather = Weather.VANISHING
        for connection in list(self._connections):
            connection.half_open = True

    def delay(self, seconds: float) -> None:
        """Let every byte take so long."""
        self.delay_s = seconds

    def close(self) -> None:
        """Stop."""
        self.cut()
        self._server.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(ANSWERS_WITHIN_S)
        self._loop.close()

    def _ask(self, question: Coroutine[Any, Any, Done]) -> Done:
        return asyncio.run_coroutine_threadsafe(question, self._loop).result(ANSWERS_WITHIN_S)

    async def _reset_all(self) -> None:
        for connection in list(self._connections):
            connection.reset()

    async def _serve(self, client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        try:
            server, requests = await asyncio.open_connection(LOOPBACK, self._target_port)
        except OSError:  # the broker is dead: so is the connection
            answers.transport.abort()
            return
        connection = _Connection(self, answers, requests)
        self._connections.add(connection)
        await connection.pump(client, server)
        self._connections.discard(connection)


class _Connection:
    """A client's connection and the one that it is passed on to."""

    def __init__(
        self, proxy: TcpProxy, answers: asyncio.StreamWriter, requests: asyncio.StreamWriter
    ) -> None:
        self._proxy, self._answers, self._requests = proxy, answers, requests
        self.half_open = proxy.weather is Weather.VANISHING

    async def pump(self, client: asyncio.StreamReader, server: asyncio.StreamReader) -> None:
        """Pass bytes on, both ways, until an end is closed."""
        if self._proxy.weather is Weather.CUT:
            self.reset()
        await asyncio.gather(
            self._pass_on(client, self._requests), self._pass_on(server, self._answers)
        )

    def reset(self) -> None:
        """End both at once."""
        self._answers.transport.abort()
        self._requests.transport.abort()

    async def _pass_on(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(CHUNK_BYTES):
                await asyncio.sleep(self._proxy.delay_s)
                while self._proxy.weather is Weather.STALLED:
                    await asyncio.sleep(LOOKS_EVERY_S)
                if not self.half_open:
                    target.write(data)
                    await target.drain()
        except OSError:
            pass  # reset by an end, or by us
        if not self.half_open:
            self.reset()
