"""Every topic: an application is a folder of the library with `messages` and `topics`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import textwire
from textwire.wire.topic import Topic


def _found() -> dict[str, Topic]:
    """What the applications define, by name; nothing else of theirs is imported."""
    applications = sorted(Path(textwire.__file__).parent.glob("*/messages.py"))
    modules = [import_module(f"textwire.{one.parent.name}.topics") for one in applications]
    defined = [part for module in modules for part in vars(module).values()]
    return {topic.name: topic for topic in defined if isinstance(topic, Topic)}


TOPICS: dict[str, Topic] = _found()
