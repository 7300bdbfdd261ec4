"""What is done before a start: models put together, sample knowledge loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from textwire.errors import StackError
from textwire.models.artifacts.registry import Registry, open_registry
from textwire.models.artifacts.task_names import task_of
from textwire.samples import SAMPLES_SOURCE, samples_dir
from textwire.stack.programs import installed, part_name

LOADED = "sample-knowledge-loaded"
# Serving does without their models, which would have to be trained: half an hour on two cores.
OPTIONAL = frozenset({"reranker"})


def pipelines_here() -> list[str]:
    """The pipelines whose models a start needs, by the names that people write.

    One without samples learns from somebody's own data alone, when it is asked to. One that serving
    does without is needed where its champion travels with the code.
    """
    here = (name for name in installed("pipelines") if _has(name, "cli") and _has(name, "samples"))
    names = [part_name(name) for name in here]
    return [name for name in names if name not in OPTIONAL or _travels(task_of(name))]


def install_shipped(tasks: Sequence[str], registry: Registry, work_dir: Path) -> list[str]:
    """Put together the champions that travel with the code; the tasks for which none does.

    Raises: ArtifactError: one cannot be put together. DataError: its base is not installed.
    """
    # Imported here: a start that has its models need not wait for what puts them together.
    from textwire.models.shipped.champions import install_champion, shipped_champion

    left = []
    for task in tasks:
        shipped = shipped_champion(task)
        if shipped is None:
            left.append(task)
        else:
            install_champion(shipped, registry, work_dir)
    return left


def make_missing_models(pipelines: Sequence[str]) -> None:
    """Run those pipelines on the samples, as one progress on our terminal.

    Raises: StackError: one failed.
    """
    command = [sys.executable, "-m", "pipelines", "run", *pipelines]
    status = subprocess.run(command).returncode
    left = [name for name in pipelines if open_registry().alias(task_of(name)) is None]
    if status != 0 or left:
        raise StackError(
            f"The models of {', '.join(left or pipelines)} could not be prepared (exit status "
            f"{status}); what was said stands above. Run `pipelines --debug run "
            f"{' '.join(left or pipelines)}` to see where."
        )


def load_sample_knowledge(folder: Path, environment: Mapping[str, str]) -> bool:
    """Send the sample knowledge to its topic, once for each folder; whether that was done now.

    Raises: StackError: it could not be loaded.
    """
    mark = folder / LOADED
    if mark.exists():
        return False
    knowledge = samples_dir() / "support_qa" / "knowledge.jsonl"
    command = [sys.executable, "-m", "textwire", "knowledge", "load", str(knowledge)]
    command += ["--source", SAMPLES_SOURCE]
    told = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True
    )
    if told.returncode != 0:
        raise StackError(f"The sample knowledge could not be loaded:\n{told.stdout}{told.stderr}")
    mark.touch()
    return True


def _travels(task: str) -> bool:
    from textwire.models.shipped.champions import shipped_champion

    return shipped_champion(task) is not None


def _has(pipeline: str, module: str) -> bool:
    spec = find_spec("pipelines")
    places = spec.submodule_search_locations if spec else None
    return any(Path(place, pipeline, f"{module}.py").exists() for place in places or [])
