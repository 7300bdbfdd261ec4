"""A wait that ends, around calls of the client library that wait for as long as it takes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

from textwire.errors import BrokerUnavailable

Done = TypeVar("Done")


def bounded(action: Callable[[], Done], timeout_s: float, doing: str) -> Done:
    """What the action returns or raises, within the time.

    It runs on a thread of its own, which is left to itself when the time is over.

    Raises: BrokerUnavailable: it took longer.
    """
    done: Future[Done] = Future()
    Thread(target=_run, args=(action, done), name=f"bounded: {doing}", daemon=True).start()
    try:
        return done.result(timeout_s)
    except TimeoutError:
        if done.done():  # the action's own
            raise
        raise BrokerUnavailable(
            f"Kafka did not answer within {timeout_s:g} s while {doing}. "
            "Is it up? See `textwire status`."
        ) from None


def _run(action: Callable[[], Done], done: Future[Done]) -> None:
    try:
        done.set_result(action())
    except BaseException as error:  # noqa: BLE001 - raised where it is waited for
        done.set_exception(error)
