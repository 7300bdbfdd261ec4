"""The headlines that ship with the project: valid, distinct, and as their README says."""

import json
import re
from collections import Counter, defaultdict
from math import ceil
from typing import Any

from pipelines.sentiment_alerts.rows import ReadingArticles, read_articles
from textwire.samples import samples_dir

FOLDER = samples_dir() / "sentiment_alerts"


def rows_of(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


ROWS = rows_of("headlines")
README = (FOLDER / "README.md").read_text("utf-8")
# Shared words of two headlines, of all words of both.
NEAR = 0.7


def test_every_row_can_be_used_and_none_repeats_another() -> None:
    topics = [row["topic"] for row in rows_of("topics")]
    parts = read_articles(FOLDER / "headlines.jsonl", ReadingArticles(topics))
    assert (len(parts.train) + len(parts.held_out), parts.repeated) == (len(ROWS), 0)
    assert 0.08 < len(parts.held_out) / len(ROWS) < 0.12


def test_every_company_stands_in_the_text() -> None:
    for row in ROWS:
        text = f"{row['title']} {row.get('body', '')}"
        assert all(name in text for name in row["entities"]), row["title"]


def test_rows_said_to_be_of_opposite_tones_have_both() -> None:
    for row in ROWS:
        if "opposite" in row["phenomena"]:
            assert {"negative", "positive"} <= set(row["entities"].values()), row["title"]


def test_hardly_a_headline_is_another_with_other_names() -> None:
    shapes = [shape(row) for row in ROWS]
    use = Counter(word for words in shapes for word in words)
    holders: defaultdict[str, set[int]] = defaultdict(set)
    near = 0
    for place, words in enumerate(shapes):
        # Two sets so near share one of these rarest words at least (Bayardo et al. 2007, WWW).
        telling = sorted(words, key=lambda word: (use[word], word))[
            : len(words) - ceil(NEAR * len(words)) + 1
        ]
        others = set().union(*(holders[word] for word in telling))
        near += any(
            len(words & shapes[other]) >= NEAR * len(words | shapes[other]) for other in others
        )
        for word in telling:
            holders[word].add(place)
    assert near < 0.03 * len(ROWS)


def shape(row: dict[str, Any]) -> frozenset[str]:
    """The headline's words, without names and figures."""
    title: str = row["title"]
    for name in row["entities"]:
        title = title.replace(name, "X")
    return frozenset(re.findall(r"\w+", re.sub(r"[\d.,]+", "9", title).lower()))


def test_the_readme_counts_them_rightly() -> None:
    told = {name: int(count.replace(",", "")) for name, count in counted_in_readme()}
    counts = Counter(phenomenon for row in ROWS for phenomenon in row["phenomena"])
    assert {name: told[name] for name in counts} == counts
    kinds = Counter(row["kind"] for row in ROWS)
    assert {kind: told[kind] for kind in kinds} == kinds
    labels = Counter(row["label"] for row in ROWS)
    assert f"{len(ROWS):,} headlines" in README
    assert ", ".join(f"{labels[label]:,} {label}" for label in sorted(labels)) in README


def counted_in_readme() -> list[tuple[str, str]]:
    """Names in code with the number after them."""
    return re.findall(r"`(\w+)` ([\d,]+)", README.partition("## Headlines")[2])
