"""No thread dies unnoticed: an error that ends one is logged, and told where life is asked for."""

from __future__ import annotations

import threading

import structlog

from textwire.observing.liveness import Liveness
from textwire.observing.periodic_task import in_words

log = structlog.get_logger()


def tell_dead_threads(liveness: Liveness) -> None:
    """From here on, whatever thread of this process an error ends, ours or a library's."""

    def tell(ended: threading.ExceptHookArgs) -> None:
        name = ended.thread.name if ended.thread else "a thread"
        error = ended.exc_value or ended.exc_type()
        log.error("thread died", thread=name, exc_info=error)
        liveness.died(name, in_words(error))

    threading.excepthook = tell
