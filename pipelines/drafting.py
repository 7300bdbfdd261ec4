"""The manifest while the model is made, and the card that goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from pipelines.fingerprint import version_name
from pipelines.training_spec import D, S, TrainingSpec
from textwire import __version__
from textwire.models.artifact import hash_files
from textwire.models.manifest import Manifest


def draft_manifest(
    recipe: TrainingSpec[D, S], method: str, dimension: int, files: dict[str, str]
) -> Manifest:
    """What is known before the model was judged.

    Args: method: for people; files: name -> sha256, of those that stand already.
    """
    made_at = datetime.now(UTC)
    return Manifest(
        task=recipe.task,
        version=version_name(made_at, recipe.fingerprint),
        fingerprint=recipe.fingerprint,
        created_at=made_at,
        textwire_version=__version__,
        base=recipe.base.name,
        method=method,
        data=recipe.data,
        settings=asdict(recipe.settings),
        dimension=dimension,
        max_tokens=recipe.settings.max_tokens,
        files=files,
        licence=recipe.base.licence,
    )


def with_card(manifest: Manifest, card: str, folder: Path) -> Manifest:
    """The manifest, once the card stands beside the model."""
    (folder / "README.md").write_text(card, encoding="utf-8")
    return msgspec.structs.replace(manifest, files=hash_files(folder))


def made_from(manifest: Manifest) -> str:
    """The card's last part: the files and the settings, each a line."""
    files = "\n".join(f"- {name}: sha256 {digest}" for name, digest in manifest.data.items())
    settings = "\n".join(f"- {name}: {value}" for name, value in manifest.settings.items())
    return f"{files}\n\nSettings:\n\n{settings}\n"


def named(prefix: str, metrics: Mapping[str, float]) -> dict[str, float]:
    """Metrics under longer names."""
    return {f"{prefix}{name}": value for name, value in metrics.items()}
