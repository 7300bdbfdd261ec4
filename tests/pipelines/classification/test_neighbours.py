"""The vote of the nearest learned texts, beside the head."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.artifacts.export import export_graphs
from pipelines.classification.examples import Examples
from pipelines.classification.model import TextClassifier
from pipelines.classification.neighbours import Gain, choose_neighbours, said_of
from pipelines.training.text_model import TextModel
from tests.tiny_models import MAX_TOKENS, write_manifest
from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import Artifact
from textwire.models.base_model import BaseModel
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.models.engines.torch_classifier import TorchClassifier
from textwire.models.engines.torch_neighbours import (
    NEIGHBOURS_FILE,
    NeighboursVote,
    load_neighbours,
)

SUBJECTS = (
    ("my card is lost", "where is the card", "block a card", "the bank card"),
    ("what fee can i pay", "loan open", "the shop is late with a parcel", "buy, sell, share"),
)
LEARNED, FITTED = (" now", " please", " today"), (" it", " for you")


def examples(endings: tuple[str, ...], *, several: bool, noise: bool = False) -> Examples:
    """Texts of two classes, each with each ending."""
    pairs = [
        (f"{text}{end}", at) for end in endings for at, row in enumerate(SUBJECTS) for text in row
    ]
    texts, labels = [text for text, _ in pairs], np.array([at for _, at in pairs], dtype=np.int64)
    if noise:
        labels = np.random.default_rng(0).permutation(labels)
    n = len(texts)
    columns = (
        np.stack([labels == 0, labels == 1], axis=1) if several else np.zeros((n, 0), np.bool_)
    )
    return Examples(texts, labels * (not several), columns, np.ones(n, dtype=np.bool_))


def classifier(tiny_base: Path, folder: Path, *, several: bool) -> TextClassifier:
    """With a head that knows nothing."""
    text = TextModel(BaseModel("tiny", tiny_base), folder, MAX_TOKENS)
    model = TextClassifier(text, 0 if several else 2, 2 if several else 0)
    with torch.no_grad():
        for weight in (*model.labels.parameters(), *(model.topics or model.labels).parameters()):
            weight.zero_()
    return model


@pytest.mark.parametrize("several", [False, True])
def test_neighbours_get_a_vote_where_the_head_knows_less(
    several: bool, tiny_base: Path, tmp_path: Path
) -> None:
    model = classifier(tiny_base, tmp_path, several=several)
    learned, fitted = (examples(part, several=several) for part in (LEARNED, FITTED))
    model.neighbours, gain = choose_neighbours(model, learned, fitted, seed=0)
    assert model.neighbours is not None
    assert gain.certain
    told = model.logits(fitted.texts)[int(several)].argmax(axis=1)
    right = fitted.topics.argmax(axis=1) if several else fitted.labels
    assert (told == right).mean() > 0.7
    assert "of the vote" in said_of(model.neighbours, gain)


@pytest.mark.parametrize("several", [False, True])
def test_graphs_and_torch_hear_the_neighbours_alike(
    several: bool, tiny_base: Path, tmp_path: Path
) -> None:
    model = classifier(tiny_base, tmp_path, several=several)
    learned, fitted = (examples(part, several=several) for part in (LEARNED, FITTED))
    model.neighbours, _ = choose_neighbours(model, learned, fitted, seed=0)
    model.save(tmp_path)
    export_graphs(model, tmp_path)
    at = "topics" if several else "labels"
    manifest = write_manifest(tmp_path, task="classify", **{at: ("card", "other")})
    artifact = Artifact(tmp_path, manifest)
    told = model.logits(fitted.texts)[int(several)]
    as_torch = getattr(TorchClassifier(artifact).classify(fitted.texts), at)
    as_fp32 = getattr(OnnxClassifier(artifact, "fp32").classify(fitted.texts), at)
    as_int8 = getattr(OnnxClassifier(artifact, "int8").classify(fitted.texts), at)
    np.testing.assert_allclose(as_fp32, as_torch, atol=1e-4)
    assert (as_fp32.argmax(axis=1) == told.argmax(axis=1)).all()
    assert np.abs(as_int8 - as_fp32).mean() < 0.1


def test_neighbours_of_no_use_get_none(tiny_base: Path, tmp_path: Path) -> None:
    model = classifier(tiny_base, tmp_path, several=False)
    learned = examples(LEARNED, several=False, noise=True)
    fitted = examples(FITTED, several=False)
    vote, gain = choose_neighbours(model, learned, fitted, seed=0)
    assert (vote is None) == (gain.mean <= gain.error)
    assert "no vote" in said_of(None, Gain(0.0, 0.1))


def vote_of(seed: int, *, exclusive: bool, share: float, nearness: float) -> NeighboursVote:
    drawn = torch.Generator().manual_seed(seed)
    vectors = torch.nn.functional.normalize(torch.randn(12, 8, generator=drawn), dim=-1)
    classes = torch.nn.functional.one_hot(torch.arange(12) % 3, 3).bool()
    return NeighboursVote(
        vectors, classes, share=share, nearness=nearness, temperature=1.5, exclusive=exclusive
    )


@given(
    seed=st.integers(0, 1_000),
    exclusive=st.booleans(),
    share=st.floats(0, 0.95),
    nearness=st.floats(0.01, 1),
    size=st.floats(0, 100),
)
@settings(max_examples=40, deadline=None)
def test_what_is_told_lies_between_what_head_and_neighbours_say(
    seed: int, exclusive: bool, share: float, nearness: float, size: float
) -> None:
    vote = vote_of(seed, exclusive=exclusive, share=share, nearness=nearness)
    drawn = torch.Generator().manual_seed(seed + 1)
    pooled, logits = torch.randn(5, 8, generator=drawn), size * torch.randn(5, 3, generator=drawn)
    turned = (lambda x: torch.softmax(x, 1)) if exclusive else torch.sigmoid
    head, near, told = turned(logits / 1.5), vote.voted(pooled), turned(vote(pooled, logits))
    torch.testing.assert_close(near.sum(dim=1), torch.ones(5), atol=1e-4, rtol=0)
    assert (told >= torch.minimum(head, near) - 1e-4).all()
    assert (told <= torch.maximum(head, near) + 1e-4).all()


def test_without_a_share_the_head_alone_is_heard() -> None:
    vote = vote_of(0, exclusive=True, share=0.0, nearness=0.1)
    logits = torch.randn(5, 3)
    told = torch.softmax(vote(torch.randn(5, 8), logits), 1)
    torch.testing.assert_close(told, torch.softmax(logits / 1.5, 1), atol=1e-5, rtol=0)


def test_the_nearest_of_all_decides_where_cosines_are_sharp() -> None:
    vote = vote_of(3, exclusive=True, share=0.5, nearness=1e-4)
    voted = vote.voted(vote.vectors)
    assert (voted.argmax(dim=1) == torch.arange(12) % 3).all()


def test_a_vote_that_is_kept_is_the_same(tmp_path: Path) -> None:
    vote = vote_of(1, exclusive=False, share=0.3, nearness=0.05)
    vote.save(tmp_path)
    kept = load_neighbours(tmp_path)
    assert kept is not None
    pooled, logits = torch.randn(5, 8), torch.randn(5, 3)
    torch.testing.assert_close(kept(pooled, logits), vote(pooled, logits))


@pytest.mark.parametrize("content", [b"", b"\x08\0\0\0\0\0\0\0{}      "])
def test_a_damaged_file_is_said(content: bytes, tmp_path: Path) -> None:
    (tmp_path / NEIGHBOURS_FILE).write_bytes(content)
    with pytest.raises(ArtifactCorrupt, match="neighbours"):
        load_neighbours(tmp_path)
    (tmp_path / NEIGHBOURS_FILE).unlink()
    assert load_neighbours(tmp_path) is None
