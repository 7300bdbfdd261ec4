"""The texts of events that ship with the project, and the head that learns from them."""

from __future__ import annotations

import shutil
from collections import defaultdict
from math import ceil
from pathlib import Path

import msgspec
import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from pipelines.running.progress import Progress
from pipelines.sentiment_alerts.events.card import with_events_part
from pipelines.sentiment_alerts.events.corpus import EventText, read_corpus
from pipelines.sentiment_alerts.events.fitting import (
    EVENT_SHARE,
    LEAST_PRECISION,
    TRIED,
    choose_thresholds,
    classes_of,
    find_directions,
    fit_head,
    folds_of,
    measure,
    weights_in_news,
)
from pipelines.sentiment_alerts.events.grafting import with_head
from pipelines.sentiment_alerts.events.states import states_of
from tests.pipelines.sentiment_alerts.test_headlines import NEAR, rows_of
from textwire.models.artifacts.artifact import Artifact, hash_files
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.onnx import GRAPHS
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.models.engines.quantising import quantise
from textwire.models.engines.tokenizing import TokenReader
from textwire.samples import samples_dir
from textwire.sentiment_alerts.alert_rules import default_rules_path, read_alert_rules
from textwire.sentiment_alerts.linking.words import words_of

ROWS = rows_of("events")
KINDS = ("recall", "strike")


def test_events_are_those_of_the_rules_and_half_of_the_texts_have_none() -> None:
    known = {rule.name for rule in read_alert_rules(default_rules_path()).event}
    told = [kind for row in ROWS for kinds in row["events"].values() for kind in kinds]
    assert set(told) == known
    assert len(ROWS) >= 1200
    without = sum(not any(row["events"].values()) for row in ROWS)
    assert without >= 0.5 * len(ROWS)


def test_every_company_of_an_event_stands_in_the_text() -> None:
    for row in ROWS:
        text = f"{row['title']} {row.get('body', '')}".casefold()
        assert all(name.casefold() in text for name in row["events"]), row["title"]


def test_a_tenth_is_held_out_and_no_company_is_in_both_parts() -> None:
    parts = defaultdict(set)
    for row in ROWS:
        parts[row["split"]].add(next(iter(row["events"])).casefold())
    held_out = sum(row["split"] == "held_out" for row in ROWS)
    assert 0.08 < held_out / len(ROWS) < 0.12
    assert parts["train"].isdisjoint(parts["held_out"])


def test_hardly_a_text_of_an_event_is_another_one() -> None:
    shapes = [frozenset(words_of(f"{row['title']} {row.get('body', '')}")) for row in ROWS]
    holders: defaultdict[str, set[int]] = defaultdict(set)
    near = 0
    for place, words in enumerate(shapes):
        telling = sorted(words)[: len(words) - ceil(NEAR * len(words)) + 1]
        others = set().union(*(holders[word] for word in telling))
        near += any(
            len(words & shapes[other]) >= NEAR * len(words | shapes[other]) for other in others
        )
        for word in telling:
            holders[word].add(place)
    assert near < 0.03 * len(ROWS)


def test_the_samples_can_be_learned_from() -> None:
    corpus = read_corpus(samples_dir() / "sentiment_alerts")
    assert len(corpus.kinds) == 14
    assert len(corpus.news) > 10_000
    telling = sum(bool(text.kinds) for text in corpus.news)
    assert telling < 0.05 * len(corpus.news)  # news, as they are: nearly all tell of no event
    assert all("[MASK]" in text.read for text in corpus.held_out)


def text(number: int, *kinds: str) -> EventText:
    return EventText(f"{number}", kinds, f"company {number % 7}")


@given(st.lists(st.integers(0, 30), min_size=1))
def test_texts_of_one_company_are_in_one_fold(numbers: list[int]) -> None:
    texts = [text(number) for number in numbers]
    folds: defaultdict[str, set[int]] = defaultdict(set)
    for one, fold in zip(texts, folds_of(texts), strict=True):
        folds[one.group].add(int(fold))
    assert all(len(found) == 1 for found in folds.values())


def test_a_head_tells_apart_what_a_line_divides() -> None:
    rng = np.random.default_rng(0)
    texts = [text(n, *([KINDS[n % 3]] if n % 3 < 2 else [])) for n in range(90)]
    states = rng.normal(size=(90, 12)).astype(np.float32)
    classes = classes_of(texts, KINDS)
    states[np.arange(90), classes] += 8
    head = fit_head(states, classes, len(KINDS), find_directions(states))
    found = head.probabilities(states)
    assert (found.argmax(axis=1) == classes).mean() > 0.97
    np.testing.assert_allclose(found.sum(axis=1), 1.0, atol=1e-5)
    thresholds = choose_thresholds(found, texts, KINDS)
    assert measure(found, texts, KINDS, thresholds)["precision"] >= LEAST_PRECISION


@given(st.integers(0, 1000))
def test_what_is_never_right_needs_the_highest_threshold(seed: int) -> None:
    rng = np.random.default_rng(seed)
    found = rng.dirichlet(np.ones(3), size=40).astype(np.float32)
    thresholds = choose_thresholds(found, [text(n) for n in range(40)], KINDS)
    assert thresholds == dict.fromkeys(KINDS, round(float(TRIED[-1]), 3))


@given(st.lists(st.booleans(), min_size=2).filter(lambda told: 0 < sum(told) < len(told)))
def test_texts_with_an_event_weigh_as_much_as_events_are_of_news(told: list[bool]) -> None:
    weights = weights_in_news([text(n, *["strike"] * one) for n, one in enumerate(told)])
    assert weights[np.array(told)].sum() == pytest.approx(EVENT_SHARE)
    assert weights.sum() == pytest.approx(1.0)


def test_what_is_right_of_samples_and_mostly_wrong_of_news_is_not_told() -> None:
    # Of 100 events all are told at 0.6, and half of them at 0.9; of 100 others five at 0.6.
    texts = [text(n, *["strike"] * (n < 100)) for n in range(200)]
    found = np.full((200, 3), 0.05, np.float32)
    found[:100, 1], found[:50, 1], found[100:105, 1] = 0.6, 0.9, 0.6
    thresholds = choose_thresholds(found, texts, KINDS)
    assert measure(found, texts, KINDS, dict.fromkeys(KINDS, 0.5))["precision"] > 0.9
    assert 0.6 < thresholds["strike"] < 0.9
    judged = measure(found, texts, KINDS, thresholds)
    assert (judged["told"], judged["news_precision"]) == (50, 1.0)


@pytest.fixture
def with_events(tiny_classifier: Artifact, tmp_path: Path) -> tuple[Artifact, Vectors]:
    """The tiny classifier with a random head of events, and the states of TEXTS."""
    folder = tmp_path / "model"
    shutil.copytree(tiny_classifier.path, folder)
    artifact = Artifact(folder, tiny_classifier.manifest)
    with Progress(Console(quiet=True)).stage("reading") as stage:
        states = states_of(artifact, TEXTS, stage)
    rng = np.random.default_rng(1)
    weight = rng.normal(size=(3, states.shape[1])).astype(np.float32)
    mask_id = TokenReader(artifact.file("tokenizer.json"), 64).id_of("[MASK]")
    bias = np.zeros(3, np.float32)
    grown = with_head(onnx.load(artifact.file(GRAPHS["fp32"])), mask_id, weight, bias)
    onnx.save(grown, artifact.file(GRAPHS["fp32"]))
    quantise(artifact.file(GRAPHS["fp32"]), artifact.file(GRAPHS["int8"]))
    manifest = msgspec.structs.replace(artifact.manifest, events=KINDS, files=hash_files(folder))
    logits = states @ weight.T
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return Artifact(folder, manifest), (powers / powers.sum(axis=1, keepdims=True))[:, :-1]


TEXTS = [
    "bank [SEP] [MASK] is lost",
    "where is my order ?",
    "card [SEP] [MASK] or [MASK] and money",
]


def events_of(classifier: OnnxClassifier, texts: list[str]) -> Vectors:
    found = classifier.classify(texts).events
    assert found is not None
    return found


def test_a_head_on_the_graph_says_what_it_says_beside_it(
    with_events: tuple[Artifact, Vectors],
) -> None:
    artifact, expected = with_events
    np.testing.assert_allclose(
        events_of(OnnxClassifier(artifact, "int8"), TEXTS), expected, atol=0.03
    )


def test_events_of_a_batch_are_those_of_single_texts_and_tones_stay(
    with_events: tuple[Artifact, Vectors], tiny_classifier: Artifact
) -> None:
    artifact, _ = with_events
    classifier = OnnxClassifier(artifact, "fp32")
    batch = classifier.classify(TEXTS * 3)
    single = np.vstack([events_of(classifier, [text]) for text in TEXTS * 3])
    np.testing.assert_allclose(events_of(classifier, TEXTS * 3), single, atol=1e-4)
    plain = OnnxClassifier(tiny_classifier, "fp32").classify(TEXTS * 3)
    assert plain.events is None
    np.testing.assert_allclose(batch.labels, plain.labels, atol=1e-5)
    np.testing.assert_allclose(batch.topics, plain.topics, atol=1e-5)


def test_no_text_gives_no_events(with_events: tuple[Artifact, Vectors]) -> None:
    assert events_of(OnnxClassifier(with_events[0], "fp32"), []).shape == (0, len(KINDS))


def test_a_card_says_of_events_once(with_events: tuple[Artifact, Vectors]) -> None:
    names = (
        "texts",
        "events",
        "told",
        "precision",
        "recall",
        "crossed_news_precision",
        "crossed_recall",
    )
    manifest = msgspec.structs.replace(
        with_events[0].manifest,
        metrics={f"event_{name}": 1.0 for name in names},
        thresholds={f"event:{kind}": 0.7 for kind in KINDS},
    )
    card = "# sentiment\n\n## What it does not do\n\nIrony.\n"
    once = with_events_part(card, manifest)
    assert once.count("## Events") == 1
    assert with_events_part(once, manifest) == once
