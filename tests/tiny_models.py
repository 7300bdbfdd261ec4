"""A random BERT of 2 layers, 32 wide, with its own tokenizer, exported by the project's code."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.manifests import some_manifest
from textwire.models.artifacts.artifact import MANIFEST_FILE, Artifact, hash_files
from textwire.models.artifacts.manifest import Manifest

WORDS = """\
card cards lost my the a is in to of and i you it for with where when how what why can did pay paid
fee fees money transfer account bank pin phone app loan close open new old shop order return parcel
late twice charged interest share buy sell not no wallet block arrived warm text one second"""
LETTERS = "abcdefghijklmnopqrstuvwxyz"
MAX_TOKENS = 32
WIDTH = 32


def manifest_of(folder: Path, **fields: object) -> Manifest:
    """A manifest of a folder's files."""
    usual: dict[str, object] = {
        "task": "support-qa",
        "base": "tiny",
        "dimension": WIDTH,
        "max_tokens": MAX_TOKENS,
        "files": hash_files(folder),
    }
    return some_manifest(**(usual | fields))  # type: ignore[arg-type]


def write_manifest(folder: Path, **fields: object) -> Manifest:
    """The same, written down beside the files."""
    manifest = manifest_of(folder, **fields)
    (folder / MANIFEST_FILE).write_bytes(msgspec.json.encode(manifest))
    return manifest


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base model's folder, as a hub would give it."""
    return make_base(tmp_path_factory.mktemp("tiny-base"), places=64)


@pytest.fixture(scope="session")
def long_tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that reads as many tokens as the pipelines' usual settings ask for."""
    return make_base(tmp_path_factory.mktemp("long-tiny-base"), places=256)


def make_base(folder: Path, places: int, words: str = WORDS) -> Path:
    """A random model that reads so many tokens, and knows those words."""
    import torch
    from tokenizers.implementations import BertWordPieceTokenizer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces = [*special, *words.split(), *"?.,!", *LETTERS, *(f"##{letter}" for letter in LETTERS)]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = BertWordPieceTokenizer(vocabulary)
    # As all-MiniLM's file does, which serving must undo.
    tokenizer.enable_padding(length=MAX_TOKENS)
    tokenizer.enable_truncation(MAX_TOKENS)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer._tokenizer, pad_token="[PAD]", unk_token="[UNK]"
    ).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=places,
        initializer_range=0.2,
    )
    BertModel(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_artifact(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    """The base model as the pipeline exports it."""
    return make_encoder(tiny_base, tmp_path_factory.mktemp("tiny-artifact"))


def make_encoder(base: Path, folder: Path, **fields: object) -> Artifact:
    """An artifact of task `support-qa`, or of what the manifest's fields say."""
    from pipelines.artifacts.export import export_graphs
    from pipelines.training.text_model import TextModel
    from textwire.models.base_model import BaseModel

    model = TextModel(BaseModel("tiny", base), folder, MAX_TOKENS)
    model.save(folder)
    export_graphs(model, folder)
    return Artifact(folder, write_manifest(folder, **fields))


LABELS = ("negative", "neutral", "positive")
TOPICS = ("earnings", "legal")


@pytest.fixture(scope="session")
def tiny_classifier(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    """Random heads on the base model, exported as the sentiment pipeline does."""
    return make_classifier(tiny_base, tmp_path_factory.mktemp("tiny-classifier"), TOPICS)


def make_classifier(
    base: Path, folder: Path, topics: tuple[str, ...], pooled_until: str = ""
) -> Artifact:
    """An artifact of task `sentiment` with random heads; temperatures 2 and 0.5."""
    import torch

    from pipelines.artifacts.export import export_graphs
    from pipelines.classification.model import TextClassifier
    from pipelines.training.text_model import TextModel
    from textwire.models.base_model import BaseModel

    torch.manual_seed(0)
    text = TextModel(BaseModel("tiny", base), folder, MAX_TOKENS)
    text.pooled_until = text.reader.id_of(pooled_until) if pooled_until else None
    model = TextClassifier(text, len(LABELS), len(topics))
    model.save(folder)
    export_graphs(model, folder)
    manifest = write_manifest(
        folder,
        task="sentiment",
        pooled_until=pooled_until,
        labels=LABELS,
        topics=topics,
        temperatures={"labels": 2.0, "topics": 0.5},
        thresholds={f"topic:{topic}": 0.5 for topic in topics},
    )
    return Artifact(folder, manifest)


def make_act_reader(base: Path, folder: Path) -> Artifact:
    """An artifact of task `dialogue-acts` for which every message is a question."""
    import torch

    from pipelines.artifacts.export import export_graphs
    from pipelines.classification.model import TextClassifier
    from pipelines.training.text_model import TextModel
    from textwire.models.base_model import BaseModel
    from textwire.support_qa.dialogue_acts import ACTS, TASK

    text = TextModel(BaseModel("tiny", base), folder, MAX_TOKENS)
    model = TextClassifier(text, len(ACTS), len(ACTS))
    with torch.no_grad():
        for head in (model.labels, model.topics):
            assert head is not None
            head.weight.normal_(std=1e-3)  # of two heads that are the same the quantiser makes one
            head.bias.fill_(-4.0)
            head.bias[ACTS.index("question")] = 4.0
    model.save(folder)
    export_graphs(model, folder)
    return Artifact(folder, write_manifest(folder, task=TASK, labels=ACTS, topics=ACTS))
