"""Every public function over arrays says in its docstring which shapes they have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("textwire", "services", "dashboards")
# numpy's and torch's own names, and ours for them.
ARRAYS = {"NDArray", "ndarray", "Tensor", "Vectors", "Ids"}
# Such as (n,), (n, d), (len(FEATURES),): words, each perhaps with an argument, and a comma.
SIZE = r"\w+(?:\(\w+\))?"
SHAPE = re.compile(rf"\({SIZE}(?:,|(?:, {SIZE})+)\)")

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def public_functions(node: ast.AST) -> Iterator[Function]:
    """Functions and methods that other modules may call, none that stand in another function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef) and not child.name.startswith("_"):
            yield from public_functions(child)
        elif isinstance(child, Function) and not child.name.startswith("_"):
            yield child
        elif isinstance(child, ast.If):
            yield from public_functions(child)


def annotations(function: Function) -> Iterator[ast.expr]:
    for argument in ast.walk(function.args):
        if isinstance(argument, ast.arg) and argument.annotation is not None:
            yield argument.annotation
    if function.returns is not None:
        yield function.returns


def is_over_arrays(function: Function) -> bool:
    words = {
        word
        for annotation in annotations(function)
        for word in re.findall(r"\w+", ast.unparse(annotation))
    }
    return not words.isdisjoint(ARRAYS)


def over_arrays(source: str) -> list[Function]:
    return [one for one in public_functions(ast.parse(source)) if is_over_arrays(one)]


def in_our_code() -> list[tuple[str, Function]]:
    return [
        (f"{path.relative_to(ROOT)}:{function.name}", function)
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        for function in over_arrays(path.read_text(encoding="utf-8"))
    ]


def test_every_function_over_arrays_states_a_shape() -> None:
    functions = in_our_code()
    assert len(functions) > 30
    silent = [name for name, one in functions if not SHAPE.search(ast.get_docstring(one) or "")]
    assert silent == [], "say the shape, such as (n, d) float32"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f(x: Vectors) -> int: ...", ["f"]),
        ("async def f(*, x: 'list[Ids] | None') -> int: ...", ["f"]),
        ("def f(x: int) -> dict[str, torch.Tensor]: ...", ["f"]),
        ("class C:\n def f(self) -> np.ndarray: ...\n def g(self) -> int: ...", ["f"]),
        ("if True:\n def f(x: NDArray[np.float32]): ...", ["f"]),
        ("def _f(x: Vectors): ...\nclass _C:\n def f(self) -> Vectors: ...", []),
        ("def f(x: VectorIndex) -> None:\n def g(x: Vectors): ...", []),
    ],
)
def test_functions_over_arrays_are_found_by_their_annotations(source: str, found: list) -> None:
    assert [function.name for function in over_arrays(source)] == found


@pytest.mark.parametrize("text", ["(n,)", "(n, d) float32", "(0, dimension)", "(len(FEATURES),)"])
def test_a_shape_is_seen(text: str) -> None:
    assert SHAPE.search(f"Something, {text}.")


@pytest.mark.parametrize("text", ["[0, 1]", "(Platt 1999)", "log(1 + price)", "argmax(cosine)"])
def test_other_brackets_are_none(text: str) -> None:
    assert not SHAPE.search(text)
