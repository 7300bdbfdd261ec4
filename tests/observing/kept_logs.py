"""Logs that are set up for one test, and are afterwards as they were."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from textwire.observing.logs import TALKATIVE


@contextmanager
def logs_kept() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in (None, *TALKATIVE)]
    handlers, levels = loggers[0].handlers, [logger.level for logger in loggers]
    ours = structlog.get_config()
    yield
    loggers[0].handlers = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    structlog.configure(**ours)
