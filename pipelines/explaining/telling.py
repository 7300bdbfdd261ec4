"""An explanation of whatever kind of model."""

from __future__ import annotations

from collections.abc import Callable

import transformers

from pipelines.explaining.asked import Asked, Kind, kind_of
from pipelines.explaining.classes import told_of_class, told_of_pair
from pipelines.explaining.entities import told_of_entity
from pipelines.explaining.nearness import told_of_two
from textwire.errors import SettingsError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.torch import LEARNED_FILE

TELL: dict[Kind, Callable[[Artifact, Asked], str]] = {
    Kind.CLASSIFIER: told_of_class,
    Kind.IN_CONTEXT: told_of_class,
    Kind.RERANKER: told_of_pair,
    Kind.RECOGNISER: told_of_entity,
    Kind.ENCODER: told_of_two,
}


def told(artifact: Artifact, asked: Asked) -> str:
    """A line for each word, with a bar as long as it counts.

    Raises: SettingsError: it cannot be explained. ArtifactError: its weights cannot be loaded.
    """
    if LEARNED_FILE in artifact.manifest.files:
        raise SettingsError(
            f"What {artifact.manifest.task} learned stands in its graph alone, through which no "
            "gradients flow: words cannot be weighed. That is so of prefix, prompt, bottleneck and "
            "soft sharing; a version that was made by another method can be explained."
        )
    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return TELL[kind_of(artifact.manifest)](artifact, asked)
