"""The artifact while it is made: its graphs, its manifest, and the card that goes with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from pipelines.artifacts.export import Exportable, export_graphs
from pipelines.running.fingerprint import version_name
from pipelines.running.training_spec import D, S, TrainingSpec
from textwire import __version__
from textwire.models.artifacts.artifact import Artifact, hash_files
from textwire.models.artifacts.manifest import Manifest


def draft_artifact(
    spec: TrainingSpec[D, S],
    model: Exportable,
    method: str,
    folder: Path,
    *,
    labels: tuple[str, ...] = (),
    topics: tuple[str, ...] = (),
    pooled_until: str = "",
    states: bool = False,
) -> Artifact:
    """Weights and both graphs, with all that is known before the model was judged.

    Args: method: how it was trained, for people. labels, topics: of a classifier's columns.
          pooled_until: the token behind which it only looks. states: whether its graphs give the
          state of each token too.
    """
    model.save(folder)
    export_graphs(model, folder)
    made_at = datetime.now(UTC)
    manifest = Manifest(
        task=spec.task,
        version=version_name(made_at, spec.fingerprint),
        fingerprint=spec.fingerprint,
        created_at=made_at,
        textwire_version=__version__,
        base=spec.base.name,
        method=method,
        data=spec.data,
        settings=asdict(spec.settings) | dict(spec.told),
        dimension=model.dimension,
        max_tokens=spec.settings.max_tokens,
        labels=labels,
        topics=topics,
        pooled_until=pooled_until,
        states=states,
        files=hash_files(folder),
        licence=spec.base.licence,
    )
    return Artifact(folder, manifest)


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
