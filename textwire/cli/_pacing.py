"""When each row of a file is sent: as fast as it goes, so many a second, or at its own time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import click

from textwire.stream.pacing import at_rate, by_time, in_groups
from textwire.wire.message import Message
from textwire.wire.topic import Topic

Pace: TypeAlias = "Callable[[Iterable[Message]], Iterator[list[Message]]]"


def pace_of(topic: Topic, rate: str | None, speed: float | None) -> Pace:
    """How messages are put into groups, each of which comes when it is due.

    Raises: click.UsageError: both say when a row is sent, or messages of the topic have no time.
            click.BadParameter: the rate is none.
    """
    if speed is None:
        per_second = _per_second(rate or "max")
        return in_groups if per_second is None else lambda rows: at_rate(rows, per_second)
    if rate is not None:
        raise click.UsageError("--rate and --speed both say when a row is sent: give one.")
    if topic.message.time_field is None:
        raise click.UsageError(f"Messages of {topic.name} have no time to go by: use --rate.")
    return lambda rows: by_time(rows, lambda row: row.happened_at, speed)


def _per_second(text: str) -> float | None:
    """Rows a second; None is as fast as they are taken."""
    if text == "max":
        return None
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not rate > 0:
        raise click.BadParameter(
            f"{text!r} is neither a number above 0 nor max.", param_hint="--rate"
        )
    return rate
