"""Every topic: one module for each application, found by its file."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from textwire.topics.news import NEWS_ACTIONS as NEWS_ACTIONS
from textwire.topics.news import NEWS_ALERTS as NEWS_ALERTS
from textwire.topics.news import NEWS_ARTICLES as NEWS_ARTICLES
from textwire.topics.news import NEWS_DESK as NEWS_DESK
from textwire.topics.news import NEWS_SENTIMENT as NEWS_SENTIMENT
from textwire.topics.news import desk_key as desk_key
from textwire.topics.recommendations import RECS_EVENTS as RECS_EVENTS
from textwire.topics.recommendations import RECS_ITEMS as RECS_ITEMS
from textwire.topics.recommendations import RECS_REQUESTS as RECS_REQUESTS
from textwire.topics.recommendations import RECS_SCORES as RECS_SCORES
from textwire.topics.support import SUPPORT_ANSWERS as SUPPORT_ANSWERS
from textwire.topics.support import SUPPORT_HANDOFFS as SUPPORT_HANDOFFS
from textwire.topics.support import SUPPORT_KNOWLEDGE as SUPPORT_KNOWLEDGE
from textwire.topics.support import SUPPORT_QUESTIONS as SUPPORT_QUESTIONS
from textwire.topics.topic import DAY_MS as DAY_MS
from textwire.topics.topic import DEAD_LETTER_CONFIG as DEAD_LETTER_CONFIG
from textwire.topics.topic import DEAD_LETTER_DAYS as DEAD_LETTER_DAYS
from textwire.topics.topic import DEAD_LETTER_MAX_BYTES as DEAD_LETTER_MAX_BYTES
from textwire.topics.topic import FOR_EVER as FOR_EVER
from textwire.topics.topic import Topic as Topic
from textwire.topics.topic import dead_letter_config as dead_letter_config


def _found() -> dict[str, Topic]:
    """What the modules beside this one define, by name."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    defined = [part for module in modules for part in vars(module).values()]
    return {topic.name: topic for topic in defined if isinstance(topic, Topic)}


TOPICS: dict[str, Topic] = _found()
