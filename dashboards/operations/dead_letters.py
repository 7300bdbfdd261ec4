"""The dead letters that stand on their topics, as services count them there.

A replica's own count begins at nothing with each start; what stands is there all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dashboards.rendering import render
from dashboards.tiles import Tile
from dashboards.wording import NONE_YET, whole
from textwire.observing.reports import LETTERS_COUNTED_UP_TO, ServiceReport


def standing_letters(reports: Iterable[ServiceReport]) -> dict[str, int]:
    """How many stand on each topic, as whoever looked last counted them."""
    by_age = sorted(reports, key=lambda report: report.at)
    counts = {t: n for report in by_age for t, n in report.dead_letters_standing.items()}
    return dict(sorted(counts.items()))


def letter_tile(standing: Mapping[str, int], since_start: int) -> Tile:
    """All of them, and what to do about them."""
    if not standing:
        return Tile("Dead letters", NONE_YET, "not counted yet")
    if total := sum(standing.values()):
        return Tile("Dead letters", letter_count(total), "read them: textwire dead list", "bad")
    came = f", {whole(since_start)} came since the start" if since_start else ""
    return Tile("Dead letters", "0", f"none stands{came}")


def letter_table(standing: Mapping[str, int]) -> str:
    """A line for each topic on which some stand; nothing where none does."""
    letters = {topic: letter_count(count) for topic, count in standing.items() if count}
    return render("operations/letters.html", letters=letters) if letters else ""


def letter_count(count: int) -> str:
    """A count; where very many came at once they are not counted one by one."""
    return f"≤ {whole(count)}" if count > LETTERS_COUNTED_UP_TO else whole(count)
