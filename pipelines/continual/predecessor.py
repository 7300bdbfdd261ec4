"""The version of a classifier that the next one learns on from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from textwire.models.artifacts.artifact import Artifact
from textwire.models.shipped.adapters import ADAPTERS_FILE

HEADS_FILE = "heads.safetensors"
LEARNED_ON_FROM = "learned_on_from"  # in a manifest's settings


@dataclass(frozen=True)
class Predecessor:
    """A version whose adapters and heads are where learning begins; its graph says what it knew."""

    artifact: Artifact

    @property
    def name(self) -> str:
        """What a card calls it."""
        return f"{self.artifact.manifest.task}/{self.artifact.manifest.version}"

    def described(self) -> dict[str, str | float]:
        """What decides what is made, by the names that a manifest's settings get."""
        files = self.artifact.manifest.files
        digests = "".join(files[name] for name in (ADAPTERS_FILE, HEADS_FILE))
        return {
            LEARNED_ON_FROM: self.name,
            "learned_on_sha256": hashlib.sha256(digests.encode()).hexdigest(),
        }
