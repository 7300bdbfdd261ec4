"""A registry of tiny models, good and bad, as the pipelines would register them."""

from __future__ import annotations

import atexit
import shutil
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import msgspec

from tests.services.recommendations.tiny_model import tiny_model
from tests.tiny_models import (
    TOPICS,
    make_act_reader,
    make_base,
    make_classifier,
    make_encoder,
)
from textwire.models.artifacts.artifact import MANIFEST_FILE, Artifact, hash_files, read_manifest
from textwire.models.artifacts.manifest import Calibration
from textwire.models.artifacts.registry import CHAMPION, Registry

# Of each service; a service may need others beside it.
TASKS = ("support-qa", "sentiment", "recommendations")
BESIDE = {"support-qa": ("dialogue-acts",)}
# Sure of everything, so that every question has an answer.
SURE = Calibration(("cosine",), (0.0,), 4.0)
GRAPHS = ("model.onnx", "model.int8.onnx")


class Bad(Enum):
    """How a version is bad."""

    TAMPERED = "its file differs from its hash"
    GARBAGE = "its graph is none"
    OTHER_WIDTH = "its vectors have another width, or its labels another number, than it says"
    UNREADABLE = "its manifest is no JSON"
    MISSING = "it is not there"


@cache
def tiny_models() -> dict[str, Artifact]:
    """A model for each task, made once a run; a few seconds, torch and all."""
    folder = Path(mkdtemp(prefix="chaos-models-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    base = make_base(_new(folder, "base"), places=64)
    encoder = make_encoder(
        base, _new(folder, "support-qa"), calibration=SURE, thresholds={"answer": 0.5}
    )
    return {
        "support-qa": encoder,
        "dialogue-acts": make_act_reader(base, _new(folder, "dialogue-acts")),
        "sentiment": make_classifier(base, _new(folder, "sentiment"), TOPICS),
        "recommendations": tiny_model(encoder, _new(folder, "recommendations")),
    }


def register_first(root: Path, task: str) -> None:
    """Champions of all models that a task's service starts with."""
    for needed in (task, *BESIDE.get(task, ())):
        register_champion(root, needed, "v1")


def register_champion(root: Path, task: str, version: str) -> None:
    """One more version, which is champion from now on."""
    registry = Registry(str(root))
    _register(registry, root, task, version)
    registry.promote(task, version)


def promote_bad(root: Path, task: str, version: str, how: Bad) -> None:
    """A champion that cannot be used."""
    registry = Registry(str(root))
    _register(registry, root, task, version)
    registry.promote(task, version)
    _spoil(root / task / version, how)


def champion(root: Path, task: str) -> str | None:
    """Which version is champion."""
    return Registry(str(root)).alias(task, CHAMPION)


def _register(registry: Registry, root: Path, task: str, version: str) -> None:
    made = tiny_models()[task]
    copy = root / f".{task}-{version}"
    shutil.copytree(made.path, copy)
    changed = msgspec.structs.replace(
        made.manifest, task=task, version=version, created_at=datetime.now(UTC)
    )
    registry.register(copy, changed)
    shutil.rmtree(copy)


def _spoil(folder: Path, how: Bad) -> None:
    if how is Bad.MISSING:
        shutil.rmtree(folder)
    elif how is Bad.UNREADABLE:
        (folder / MANIFEST_FILE).write_bytes(b'{"task": ')
    elif how is Bad.TAMPERED:
        _write_graphs(folder, b"tampered")
    elif how is Bad.GARBAGE:
        _write_graphs(folder, b"garbage")
        _write_manifest(folder, files=hash_files(folder))
    else:
        said = read_manifest(folder)
        labels = (*said.labels, "another") if said.labels else ()
        _write_manifest(folder, dimension=said.dimension + 16, labels=labels)


def _write_graphs(folder: Path, content: bytes) -> None:
    for name in GRAPHS:
        (folder / name).write_bytes(content)


def _write_manifest(folder: Path, **fields: object) -> None:
    changed = msgspec.structs.replace(read_manifest(folder), **fields)
    (folder / MANIFEST_FILE).write_bytes(msgspec.json.encode(changed))


def _new(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir()
    return made
