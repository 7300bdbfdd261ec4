"""The code that decides what a pipeline makes, in one hash.

It is the modules of the pipeline's own package, and every module of `pipelines` and `textwire`
that they import, directly or through others. Imports are followed, and packages not taken whole:

- `textwire/<application>/` holds much that only serves (clients, topics, the alert engine). When
  that changes, the same model comes out.
- What decides lies elsewhere too. `textwire/search/` scores what confidence is calibrated on,
  `textwire/rows/` says how a file reads, `textwire/sample_world/` simulates the shoppers that the
  recommender learns from. A list kept by hand would sooner or later lack one.

Left out are the package's `cli`, `predict` and `refining`, which ask and do not make; its folders
below, since `public/` measures and registers nothing; and the libraries of others, which the lock
pins. What stands in a file counts as it is, comments and all: to tell what matters in it would be a
guess.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

import msgspec

from textwire.errors import DataError
from textwire.models.artifacts.artifact import hash_file

ROOT = Path(__file__).parents[2]
PACKAGES = ("pipelines", "textwire")
# The first is found as the package of the others.
NOT_DECIDING = ("__init__", "cli", "refining", "predict")


def hash_source(application: str, root: Path = ROOT) -> str:
    """The sha256 of the names of those modules and of what stands in them, in hexadecimal.

    Nothing is imported: some 60 files are read, in a tenth of a second.

    Args:   application: the folder's name in `pipelines/`. root: the folder that holds `pipelines/`
            and `textwire/`.
    Raises: DataError: there is no such pipeline.
    """
    digests = {name: hash_file(file) for name, file in deciding_modules(application, root).items()}
    return hashlib.sha256(msgspec.json.encode(digests, order="deterministic")).hexdigest()


def deciding_modules(application: str, root: Path = ROOT) -> dict[str, Path]:
    """Those modules by their dotted names, which are the same wherever the files stand.

    Raises: DataError: there is no such pipeline.
    """
    package = root / "pipelines" / application
    stems = sorted(file.stem for file in package.glob("*.py") if file.stem not in NOT_DECIDING)
    if not stems:
        raise DataError(f"{package} holds no pipeline. Name the application by its folder.")
    waiting = [f"pipelines.{application}.{stem}" for stem in stems]
    found: dict[str, Path] = {}
    while waiting:
        name = waiting.pop()
        file = _file_of(name, root)
        if file is not None and name not in found:
            found[name] = file
            # To import a module is to run its packages first.
            waiting += [name.rpartition(".")[0], *_imported(name, file)]
    return found


def _file_of(name: str, root: Path) -> Path | None:
    """None for what is no module of ours: another's, or a name within a module."""
    package, *rest = name.split(".")
    if package not in PACKAGES:
        return None
    place = root.joinpath(package, *rest)
    files = (place / "__init__.py", place.parent / f"{place.name}.py")
    return next((file for file in files if file.is_file()), None)


def _imported(name: str, file: Path) -> Iterator[str]:
    """What may be a module among the names that one imports."""
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = resolve_name("." * node.level + (node.module or ""), package)
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)
