"""The catalogue, as the verbs of `textwire recs` and `textwire feed` know it."""

from __future__ import annotations

from textwire.cli._compacted_topic import CompactedTopic
from textwire.recommendations.messages import Item
from textwire.recommendations.topics import RECS_ITEMS

ITEMS = CompactedTopic(RECS_ITEMS, Item, "textwire recs", "item")
