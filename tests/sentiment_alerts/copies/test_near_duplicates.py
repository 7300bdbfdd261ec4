import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.article_scorers import COMPANIES
from textwire.results.memory import MemoryResults
from textwire.samples import samples_dir
from textwire.sentiment_alerts.copies.near_duplicates import (
    BAND_HASHES,
    HASHES,
    RecentArticles,
    containment,
    is_copy,
    sketch_of,
    sketches,
)
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.messages import Sketch
from textwire.sentiment_alerts.scoring.clauses import linked_text
from textwire.sentiment_alerts.watchlist import read_watchlist, watchlist_path

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
LINKER = Linker(COMPANIES)
TITLE = "Northmere halts boiler deliveries over faulty fasteners"
BODY = (
    "The boiler maker said on Monday that it would halt deliveries of its best-selling model "
    "after inspectors found faulty fasteners in the burner section of more than fifty units. "
    "Dealers were told in a letter seen by reporters that deliveries would resume within weeks. "
    "Shares fell four percent in Halden."
)
Text = tuple[str, str | None]


def read(text: Text) -> tuple[Sketch, list[str]]:
    """A text's sketch, and the companies that it names."""
    mentions = LINKER.mentions_in(linked_text(*text))
    return sketch_of(*text, mentions), sorted({mention.entity for mention in mentions})


def is_recognised(first: Text, second: Text, hours: float = 1) -> bool:
    """Whether the second is taken for a copy of the first."""
    (one, companies), (other, others) = read(first), read(second)
    seen = RecentArticles(MemoryResults(), [("a0", one), ("a1", other)], DAY_MS)
    seen.add("a0", None, 0, companies, one)
    original = seen.find_original("a1", int(hours * HOUR_MS), others, other)
    assert original in (None, "a0")
    return original == "a0"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((TITLE, BODY), (TITLE, BODY)),
        ((f"{TITLE} - Reuters", None), (f"{TITLE} - CNBC", None)),
        ((TITLE, None), (f"{TITLE} | Halden Finance Norway", None)),
        ((TITLE, None), (f"UPDATE 1-{TITLE}", None)),
        ((TITLE, None), (TITLE, BODY)),
        ((TITLE.upper(), None), (TITLE, BODY)),
        (("NORTHMERE HALTS BOILER DELIVERIES", None), (TITLE, BODY)),
        ((TITLE, BODY), (TITLE, f"{BODY} Rival Solvanta rose two percent.")),
        ((TITLE, BODY), (f"CORRECTED-{TITLE}", BODY.replace("fifty", "sixty"))),
        ((TITLE, BODY), (f"UPDATE 2-{TITLE}, shares fall", f"{BODY} The regulator knows of it.")),
        ((TITLE, BODY), ("Fastener trouble stops Northmere boilers", BODY)),
        (
            (TITLE, BODY),
            (TITLE, f"HALDEN (Local News) - Our readers will feel it. {BODY} Follow us!"),
        ),
        ((TITLE, BODY), (TITLE, f"<p>{BODY.replace('. ', '.</p><p>')}</p>")),
        ((TITLE, BODY), (TITLE, BODY.split(". ")[0])),
        (("NMRE recalls boilers over leaks", None), ("Northmere recalls boilers over leaks", None)),
    ],
)
def test_a_copy_is_recognised(first: Text, second: Text) -> None:
    assert is_recognised(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Northmere wins appeal over boilers", "Northmere loses appeal over boilers"),
        ("Northmere beats in third quarter", "Northmere beats in fourth quarter"),
        ("Northmere profit up 5% in Q3", "Northmere profit up 7% in Q3"),
        ("Northmere recalls boilers over leaks", "Solvanta recalls boilers over leaks"),
        ("Northmere sues Solvanta over patents", "Solvanta sues Northmere over patents"),
        (TITLE, "Northmere denies halting boiler deliveries over faulty fasteners"),
        (TITLE, "Northmere to open two wind farms before the summer"),
        (TITLE, "!!!"),
        ("!!!", "???"),
    ],
)
def test_another_story_is_no_copy(first: str, second: str) -> None:
    assert not is_recognised((first, None), (second, None))


def test_a_short_headline_with_another_company_in_the_body_is_another_story() -> None:
    said = "{} said today that profit had risen."
    first, second = (("Quarterly results", said.format(n)) for n in ("Northmere", "Solvanta"))
    assert not is_recognised(first, second)


def test_a_column_of_one_headline_with_other_news_is_no_copy() -> None:
    title = "Morning brief: Northmere, Solvanta and Larkfield in focus"
    first = "Futures rose before the bell. Northmere halted deliveries of boilers."
    second = "Bonds were little changed in Halden. Solvanta named a chief for its mills."
    assert not is_recognised((title, first), (title, second))
    assert is_recognised((title, first), (title, first))


def test_the_same_words_days_later_are_another_story() -> None:
    assert not is_recognised((TITLE, BODY), (TITLE, BODY), hours=25)


def test_a_copy_of_a_copy_names_the_first_also_from_the_store() -> None:
    store = MemoryResults()
    chain = [TITLE, f"{TITLE} - Halden Press", f"UPDATE 1-{TITLE} in Lund"]
    for number, title in enumerate(chain):
        sketch = sketch_of(title)
        seen = RecentArticles(store, [(f"a{number}", sketch)], DAY_MS)
        first = seen.find_original(f"a{number}", number, ["N"], sketch)
        assert first == (None if number == 0 else "a0")
        seen.add(f"a{number}", first, number, ["N"], sketch)
        store.write(seen.writes())


def test_an_id_that_comes_again_repeats_itself() -> None:
    sketch = sketch_of(TITLE)
    seen = RecentArticles(MemoryResults(), [("a0", sketch)], DAY_MS)
    seen.add("a0", None, 0, ["N"], sketch)
    assert seen.find_original("a0", 5, ["N"], sketch) == "a0"


def test_bands_cover_the_minhash() -> None:
    assert HASHES % BAND_HASHES == 0
    assert len(sketch_of(TITLE).bands) == HASHES


def test_a_short_body_within_a_long_one_is_found_in_its_sample() -> None:
    long = " ".join(f"word{number} of the long story" for number in range(300))
    assert containment(sketch_of(TITLE, BODY), sketch_of(TITLE, f"{BODY} {long}")) > 0.8
    assert containment(sketch_of(TITLE, BODY), sketch_of(TITLE, long)) == 0


@given(
    st.lists(st.sampled_from([TITLE, "N cuts jobs", BODY, BODY[:90], ""]), min_size=4, max_size=4)
)
def test_who_is_a_copy_of_whom_does_not_depend_on_the_order(texts: list[str]) -> None:
    one, other = sketch_of(*texts[:2]), sketch_of(*texts[2:])
    assert is_copy(one, other, ["N"], ["N"]) == is_copy(other, one, ["N"], ["N"])


def test_all_copies_of_the_sample_news_are_found_and_nothing_else_is() -> None:
    lines = (samples_dir() / "sentiment_alerts" / "articles.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    linker = Linker(read_watchlist(watchlist_path(None)))
    texts = [linked_text(row["title"], row.get("body")) for row in rows]
    mentions = [linker.mentions_in(text) for text in texts]
    found: dict[str, bool] = {}
    made = sketches(list(zip(texts, mentions, strict=True)))
    seen = RecentArticles(
        MemoryResults(), [(row["id"], one) for row, one in zip(rows, made, strict=True)], DAY_MS
    )
    for row, sketch, named in zip(rows, made, mentions, strict=True):
        entities = sorted({mention.entity for mention in named})
        at_ms = row["minute"] * 60_000
        original = seen.find_original(row["id"], at_ms, entities, sketch)
        found[row["id"]] = original is not None
        seen.add(row["id"], original, at_ms, entities, sketch)
    copies = {row["id"] for row in rows if "copy_of" in row}
    assert sum(found[id_] for id_ in copies) == len(copies)
    assert not [id_ for id_, is_found in found.items() if is_found and id_ not in copies]
