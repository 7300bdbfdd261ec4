"""Small models that learned by LoRA, for tests."""

from __future__ import annotations

from pathlib import Path

from textwire.models.artifacts.artifact import Artifact
from textwire.models.base_model import BaseModel

LEARNED = 0.3  # standard deviation of what adapters learned: enough to turn vectors far away


def trained_by_lora(base: BaseModel, folder: Path, **fields: object) -> Artifact:
    """An encoder as a pipeline writes it."""
    import torch

    from pipelines.training.text_model import TextModel
    from pipelines.tuning.methods import choose_trainable, merged
    from tests.tiny_models import MAX_TOKENS

    folder.mkdir()
    model = TextModel(base, folder, MAX_TOKENS)
    choose_trainable(model, "lora")
    torch.manual_seed(1)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "lora_B" in name:
                weight.normal_(std=LEARNED)
    merged(model)
    return exported(model, folder, **fields)


def exported(model: object, folder: Path, **fields: object) -> Artifact:
    """A model's files with a manifest."""
    from pipelines.artifacts.export import export_graphs
    from tests.tiny_models import write_manifest

    model.save(folder)
    export_graphs(model, folder)
    return Artifact(folder, write_manifest(folder, **fields))
