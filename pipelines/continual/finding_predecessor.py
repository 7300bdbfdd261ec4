"""Which version a classifier is asked to learn on from (`--learn-on`), and whether it can."""

from __future__ import annotations

from pipelines.classification.settings import ClassificationSettings
from pipelines.continual.predecessor import HEADS_FILE, Predecessor
from pipelines.running.chosen_model import chosen_model
from textwire.errors import DataError, SettingsError
from textwire.models.artifacts.registry import Registry
from textwire.models.shipped.adapters import ADAPTERS_FILE


def find_predecessor(
    named: str, task: str, settings: ClassificationSettings, registry: Registry
) -> Predecessor:
    """The champion, another version of the task, or one in a folder; checked before it learns on.

    Raises: SettingsError: there is none of that name, or the settings ask for what cannot begin at
            another version. DataError: it was not learned by LoRA on the same base model.
            ArtifactError: it is not whole.
    """
    artifact = chosen_model(named if "/" in named else f"{task}/{named}", registry)
    manifest = artifact.manifest
    if manifest.task != task:
        raise SettingsError(f"{named} is a model of {manifest.task}: it knows nothing of {task}.")
    if settings.method != "lora" or settings.prune_heads or settings.prune_layers:
        raise SettingsError(
            "--learn-on goes on with the adapters of another version: give --method lora, and "
            "leave pruning out."
        )
    if settings.soft_sharing or settings.mixup:
        raise SettingsError(
            "--learn-on knows one encoder and whole labels: leave out soft_sharing and mixup."
        )
    if not {ADAPTERS_FILE, HEADS_FILE} <= manifest.files.keys():
        raise DataError(
            f"{named} holds no adapters to go on with: it was made by --method "
            f"{manifest.settings.get('method')}, and --learn-on begins at what LoRA learned."
        )
    if manifest.settings.get("base") != settings.base:
        raise DataError(
            f"{named} was learned on the base model {manifest.settings.get('base')}, and its "
            f"adapters fit no other: give it with --base in place of {settings.base}."
        )
    return Predecessor(artifact)
