"""Which champions travel with the code, and how one comes into a registry."""

from __future__ import annotations

import tempfile
from pathlib import Path

from textwire.file_rights import make_private
from textwire.models.artifacts.artifact import MANIFEST_FILE, Artifact, open_artifact
from textwire.models.artifacts.registry import Registry
from textwire.models.base_model import find_base
from textwire.models.shipped.assembling import assemble

CHAMPIONS = Path(__file__).parents[2] / "champions"


def shipped_champion(task: str, champions: Path = CHAMPIONS) -> Artifact | None:
    """What travels of a task's champion; None where nothing does.

    Raises: ArtifactCorrupt, ArtifactMissing: its files are not those of its manifest.
    """
    folder = champions / task
    return open_artifact(folder) if (folder / MANIFEST_FILE).is_file() else None


def install_champion(shipped: Artifact, registry: Registry, work_dir: Path) -> str:
    """Put a champion together, register it and let it serve; its version.

    Raises: see `register_champion`.
    """
    version = register_champion(shipped, registry, work_dir)
    registry.promote(shipped.manifest.task, version)
    return version


def register_champion(shipped: Artifact, registry: Registry, work_dir: Path) -> str:
    """Put a champion together and register it, unless it is registered already; its version.

    Nothing is left in `work_dir`, however it ends.

    Raises: ArtifactCorrupt: what was put together is not what was shipped.
            DataError: the base model is not installed.
    """
    task, version = shipped.manifest.task, shipped.manifest.version
    if version not in registry.versions(task):
        base = find_base(str(shipped.manifest.settings["base"]))
        make_private(work_dir)
        with tempfile.TemporaryDirectory(prefix="champion-", dir=work_dir) as folder:
            registry.register(Path(folder), assemble(shipped, base, Path(folder)))
    return version
