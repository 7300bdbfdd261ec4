import json

import pytest

from textwire.results.memory import MemoryResults
from textwire.samples import samples_dir
from textwire.sentiment_alerts.clauses import linked_text
from textwire.sentiment_alerts.near_duplicates import (
    BAND_HASHES,
    COPY_JACCARD,
    HASHES,
    RecentArticles,
    estimated_jaccard,
    fingerprints,
)

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
TITLE = "Northmere to close two wind farms after the storm of last week"


def recent(store: MemoryResults, *texts: str) -> tuple[RecentArticles, list[tuple[int, ...]]]:
    prints = fingerprints(texts)
    arriving = [(f"a{number}", print_) for number, print_ in enumerate(prints)]
    return RecentArticles(store, arriving, DAY_MS), prints


def find_original(
    *texts: str, hours: float = 1, companies: tuple[str, str] = ("N", "N")
) -> str | None:
    """What the second text is taken to repeat."""
    seen, prints = recent(MemoryResults(), *texts)
    seen.add("a0", None, 0, [companies[0]], prints[0])
    return seen.find_original("a1", int(hours * HOUR_MS), [companies[1]], prints[1])


@pytest.mark.parametrize(
    "copy",
    [TITLE, TITLE.upper(), f"UPDATE 1-{TITLE}", f"{TITLE} - Halden Press", f"BRIEF: {TITLE}."],
)
def test_a_copy_names_the_first(copy: str) -> None:
    assert find_original(TITLE, copy) == "a0"


@pytest.mark.parametrize(
    "other",
    [
        "Northmere to open two wind farms before the summer of next year",
        "Northmere to close two coal mines after the strike of last year",
        "!!!",
        "",
    ],
)
def test_another_story_is_no_copy(other: str) -> None:
    assert find_original(TITLE, other) is None


def test_texts_without_words_are_no_copies_of_one_another() -> None:
    assert find_original("!!!", "???") is None


def test_the_same_words_about_another_company_are_another_story() -> None:
    assert find_original(TITLE, TITLE, companies=("N", "S")) is None


def test_the_same_words_days_later_are_another_story() -> None:
    assert find_original(TITLE, TITLE, hours=25) is None


def test_a_copy_of_a_copy_names_the_first_also_from_the_store() -> None:
    store = MemoryResults()
    chain = [TITLE, f"{TITLE} - Halden Press", f"{TITLE} - Halden Press, Eurodesk"]
    for number, text in enumerate(chain):
        (print_,) = fingerprints([text])
        seen = RecentArticles(store, [(f"a{number}", print_)], DAY_MS)
        first = seen.find_original(f"a{number}", number, ["N"], print_)
        assert first == (None if number == 0 else "a0")
        seen.add(f"a{number}", first, number, ["N"], print_)
        store.write(seen.writes())


def test_an_id_that_comes_again_repeats_itself() -> None:
    seen, prints = recent(MemoryResults(), TITLE)
    seen.add("a0", None, 0, ["N"], prints[0])
    assert seen.find_original("a0", 5, ["N"], prints[0]) == "a0"


def test_bands_cover_the_fingerprint() -> None:
    assert HASHES % BAND_HASHES == 0


def test_all_copies_of_the_sample_news_are_alike_and_nothing_else_is() -> None:
    lines = (samples_dir() / "sentiment_alerts" / "articles.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    prints = fingerprints([linked_text(row["title"], row.get("body")) for row in rows])
    print_of = {row["id"]: print_ for row, print_ in zip(rows, prints, strict=True)}
    copies = [row for row in rows if "copy_of" in row]
    found = [
        estimated_jaccard(print_of[row["id"]], print_of[row["copy_of"]]) >= COPY_JACCARD
        for row in copies
    ]
    assert sum(found) >= 0.97 * len(copies)
