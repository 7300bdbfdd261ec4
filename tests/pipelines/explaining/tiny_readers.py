"""A reranker and a recogniser of entities on the tiny base model, with random heads."""

from pathlib import Path

import torch

from pipelines.artifacts.export import export_graphs
from pipelines.entities.model import TokenTagger
from pipelines.reranker.model import new_model
from pipelines.training.text_model import TextModel
from tests.tiny_models import MAX_TOKENS, write_manifest
from textwire.models.artifacts.artifact import Artifact
from textwire.models.base_model import BaseModel
from textwire.models.engines.entity_spans import tags_of
from textwire.support_qa.reranking import LABELS, TASK

KINDS = ("account", "item")


def make_reranker(base: Path, folder: Path) -> Artifact:
    """An artifact of task `reranker`."""
    new_model(_text_model(base, folder), seed=0).save(folder)
    return Artifact(folder, write_manifest(folder, task=TASK, labels=LABELS))


def make_tagger(base: Path, folder: Path) -> Artifact:
    """An artifact of task `entities`, for two kinds, with its graphs."""
    torch.manual_seed(0)
    tags = tags_of(KINDS)
    model = TokenTagger(_text_model(base, folder), len(tags))
    model.save(folder)
    export_graphs(model, folder)
    return Artifact(folder, write_manifest(folder, task="entities", labels=tags))


def _text_model(base: Path, folder: Path) -> TextModel:
    return TextModel(BaseModel("tiny", base), folder, MAX_TOKENS)
