"""What the model card says of the head of events."""

from __future__ import annotations

from pipelines.sentiment_alerts.events.fitting import EVENT_SHARE, LEAST_PRECISION
from textwire.models.artifacts.manifest import Manifest
from textwire.sentiment_alerts.scoring.article_scorer import EVENT_PREFIX

HEADING = "## Events"
END = "## What it does not do"


def events_part(manifest: Manifest) -> str:
    """A part of the card, up to its next heading; empty where there is no such head."""
    if not manifest.events:
        return ""
    m = manifest.metrics
    least = ", ".join(
        f"{event} {manifest.thresholds[f'{EVENT_PREFIX}{event}']:g}" for event in manifest.events
    )
    return f"""{HEADING}

A third head tells what has just happened to a company, from states inside the transformer, which
learns nothing of it. Of {m["event_texts"]:.0f} held-out texts, {m["event_events"]:.0f} of them with
an event and the others nearly so, it tells {m["event_told"]:.0f}: precision
{m["event_precision"]:.2f}, recall {m["event_recall"]:.2f}. Texts that it learned from, most of them
ordinary news, were read by heads that had not: recall {m["event_crossed_recall"]:.2f}; weighed so
that {EVENT_SHARE:.1%} have an event, as of news, precision {m["event_crossed_news_precision"]:.2f}.
Least probabilities, chosen there for a precision of {LEAST_PRECISION}: {least}.

"""


def with_events_part(card: str, manifest: Manifest) -> str:
    """A card with that part, in place of an earlier one."""
    before, heading, rest = card.partition(END)
    before = before.partition(HEADING)[0]
    return f"{before}{events_part(manifest)}{heading}{rest}"
