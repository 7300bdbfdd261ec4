"""An alert in two lines: how many articles, and the headlines that say most of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textwire.sentiment_alerts.copies.near_duplicates import WORD
from textwire.sentiment_alerts.messages import Breadth, ToneFall

HEADLINES = 2
NAMED_COMPANIES = 5
# A second headline that shares more of its words says the same again.
SAME_JACCARD = 0.5


def write_digest(
    about: str,
    observed: int,
    expected: float,
    start: datetime,
    end: datetime,
    titles: Sequence[str],
) -> str:
    """Counts, then the most central headlines.

    Args: titles: of the articles, oldest first.
    """
    counted = f"{observed} negative articles about {about} from {start:%H:%M} to {end:%H:%M} UTC"
    usual = f"{expected:.1f} would be usual"
    return " ".join([f"{counted}; {usual}.", *(f"“{t}”" for t in central_headlines(titles))])


def write_fall(about: str, fell: ToneFall, titles: Sequence[str]) -> str:
    """From what to what a tone fell, then the most central headlines of bad news.

    Args: titles: of the negative articles, oldest first.
    """
    told = (
        f"The tone of {about} fell from {fell.before:+.2f} to {fell.after:+.2f}, over "
        f"{fell.days} days with {fell.articles} articles."
    )
    return " ".join([told, *(f"“{title}”" for title in central_headlines(titles))])


def write_market_fall(fell: ToneFall, breadth: Breadth, titles: Sequence[str]) -> str:
    """From what to what the tone of all fell and how broadly, then the most central headlines.

    Args: titles: of negative articles, one of each company or story.
    """
    over = "1 day" if fell.days == 1 else f"{fell.days} days"
    told = (
        f"The tone of the whole market fell from {fell.before:+.2f} to {fell.after:+.2f}, over "
        f"{over}: {breadth.share:.0%} of {fell.articles} companies and stories are negative, "
        f"{breadth.usual:.0%} are usual."
    )
    worst = f" Worst: {', '.join(breadth.worst[:NAMED_COMPANIES])}." if breadth.worst else ""
    return " ".join([f"{told}{worst}", *(f"“{title}”" for title in central_headlines(titles))])


def central_headlines(titles: Sequence[str], count: int = HEADLINES) -> list[str]:
    """The headlines that share most words with all others, those too alike left out."""
    words = [frozenset(WORD.findall(title.lower())) for title in titles]
    shared = [sum(_jaccard(one, other) for other in words) for one in words]
    order = sorted(range(len(titles)), key=lambda place: (-shared[place], place))
    chosen: list[int] = []
    for place in order:
        if len(chosen) < count and all(
            _jaccard(words[place], words[other]) < SAME_JACCARD for other in chosen
        ):
            chosen.append(place)
    return [titles[place] for place in chosen]


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    union = len(one | other)
    return len(one & other) / union if union else 1.0
