"""A champion of this registry, written down to travel with the code."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pipelines.continual.predecessor import LEARNED_ON_FROM
from pipelines.pipeline import Pipeline
from pipelines.running.progress import Progress
from pipelines.running.training_spec import with_wishes
from pipelines.tuning.methods import METHODS, Method
from textwire.models.artifacts.artifact import read_manifest
from textwire.models.artifacts.manifest import Manifest
from textwire.models.artifacts.registry import Registry
from textwire.models.base_model import find_base
from textwire.models.shipped.champions import CHAMPIONS
from textwire.models.shipped.shipping import ship

# What is said of each run that learns on, and of no recipe.
HOW_FAR = ("epochs", "learning_rate", "averaged")


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


def changed_since(pipeline: Pipeline[Any, Any], champions: Path = CHAMPIONS) -> list[str]:
    """What a champion that travels was made from and is otherwise now; empty if nothing is.

    `code` alone need not matter: a comment in a module that decides what is made is enough.

    Raises: ArtifactMissing: none travels. DataError: the samples or the base are not there.
    """
    shipped = read_manifest(champions / pipeline.task)
    source, usual = pipeline.usual()
    settings = replace(with_wishes(usual, None, None, _method(shipped)), **_how_far(shipped))
    spec = pipeline.spec(source, settings)
    changed = {
        # It may have learned from public data too, which are not at hand everywhere.
        "data": not spec.data.items() <= shipped.data.items(),
        "base": spec.base.weights_hash() != shipped.base_sha256,
        # What a teacher told stands beside the settings, and the samples do not say it. A setting
        # that came since, at its usual value, is how it was done before.
        "settings": not asdict(settings).items() <= (asdict(usual) | shipped.settings).items(),
        "code": spec.fingerprint != shipped.fingerprint,
    }
    return [name for name, is_changed in changed.items() if is_changed]


def _how_far(shipped: Manifest) -> dict[str, Any]:
    """What learns on goes as far as it was told to, beyond what the usual recipe had taught it."""
    said = shipped.settings
    return {name: said[name] for name in HOW_FAR} if LEARNED_ON_FROM in said else {}


def _method(shipped: Manifest) -> Method | None:
    said = shipped.settings.get("method")
    return next((method for method in METHODS if method == said), None)
