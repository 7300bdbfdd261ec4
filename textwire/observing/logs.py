"""Structured logs: one JSON object a line, ours and the libraries' alike."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict

from textwire.settings import ServiceSettings

SHARED: list[structlog.typing.Processor] = [
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]

# Kafka's client tells of every connection that comes and goes, and the one of HTTP of every request
# with its address, in which there may be a password or a token.
TALKATIVE = ("kafka", "httpx2", "httpcore2")


def set_up_logs(service: str, settings: ServiceSettings) -> None:
    """Log to standard output from here on, every line with the service's name and replica."""
    shared = [_named(service, settings.replica), *SHARED]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for library in TALKATIVE:
        logging.getLogger(library).setLevel(logging.WARNING)


def _named(service: str, replica: int) -> structlog.typing.Processor:
    """Names the service in each line, whichever thread logs it."""

    def add_name(_logger: Any, _method: str, event: EventDict) -> EventDict:
        return {**event, "service": service, "replica": replica}

    return add_name
