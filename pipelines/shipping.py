"""A champion of this registry, written down to travel with the code."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from pipelines.progress import Progress
from textwire.models.base_model import find_base
from textwire.models.registry import Registry
from textwire.models.shipped.champions import CHAMPIONS
from textwire.models.shipped.shipping import ship


def ship_champion(
    task: str, registry: Registry, progress: Progress, champions: Path = CHAMPIONS
) -> None:
    """Replace what travels of a task's champion, whole or not at all.

    Raises: ArtifactMissing: there is no champion. ArtifactError: it cannot travel.
            DataError: its base model is not installed.
    """
    champion = registry.champion(task)
    base = find_base(str(champion.manifest.settings["base"]))
    champions.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=champions, prefix=".") as aside:
        made = Path(aside) / task
        made.mkdir()
        ship(champion, base, made)
        shutil.rmtree(champions / task, ignore_errors=True)
        made.rename(champions / task)
    size = sum(file.stat().st_size for file in (champions / task).iterdir())
    progress.say(f"{task} {champion.manifest.version} travels in {size / 1e6:.1f} MB.")
