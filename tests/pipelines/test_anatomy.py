"""Who knows one pipeline finds everything in the others."""

import ast
from pathlib import Path

import pytest

import pipelines
from pipelines.applications import application_names, pipelines_by_name

MODULES = [
    "settings",
    "cli",
    "pipeline",
    "data",
    "samples",
    "own_data",
    "model",
    "train",
    "calibrate",
    "evaluate",
    "card",
    "make",
]
# What they tell apart is the user's, so there is nothing that we could show beforehand.
OWN_DATA_ALONE = {name.replace("-", "_") for name, p in pipelines_by_name().items() if p.on_demand}
FOLDER = Path(pipelines.__file__).parent


@pytest.mark.parametrize("application", application_names())
def test_every_pipeline_has_the_same_modules(application: str) -> None:
    here = {file.stem for file in (FOLDER / application).glob("*.py")}
    if "pipelines.classification." in (FOLDER / application / "make.py").read_text():
        here |= {file.stem for file in (FOLDER / "classification").glob("*.py")}
    wanted = set(MODULES)
    if application in OWN_DATA_ALONE:
        wanted -= {"samples", "own_data"}
    assert wanted <= here


@pytest.mark.parametrize("application", application_names())
def test_make_holds_the_stages_and_nothing_else(application: str) -> None:
    tree = ast.parse((FOLDER / application / "make.py").read_bytes())
    docstring, *rest = tree.body
    assert isinstance(docstring, ast.Expr)
    own = [node for node in rest if not isinstance(node, ast.Import | ast.ImportFrom)]
    assert [getattr(node, "name", None) for node in own] == ["make_artifact"]
