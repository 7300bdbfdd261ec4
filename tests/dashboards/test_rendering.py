"""What a text from outside may do to a page: be read, and nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

import dashboards
from dashboards.rendering import ENVIRONMENT, render
from tests.dashboards.filled_views import FRAMES, MACROS, filled_views
from tests.dashboards.parsed_html import Element, Parsed

FOLDER = Path(dashboards.__file__).parent
SHOWN = sorted(filled_views(""))
PLACEHOLDER = "placeholder"
HOSTILE = [
    "<script>window.taken=1</script>", '"onmouseover="window.taken=1', "' onclick='x", "</style>",
    "{{7*7}}", "{% raw %}", "{# x #}", "-->", "<!--", "]]>", "&lt;b&gt;", "&#60;b&#62;", "</div>",
    "<img src=x onerror=alert(1)>", "javascript:alert(1)", "<svg/onload=alert(1)>", "\x00<b>",
    "  two\n\n    lines  ",
]  # fmt: skip
texts = st.one_of(st.sampled_from(HOSTILE), st.text("<>&\"'{}%#=/-! \nab\x00", max_size=30),
                  st.text(max_size=60))  # fmt: skip


@pytest.mark.parametrize("template", SHOWN)
@given(text=texts)
def test_a_template_gives_back_the_very_text_and_no_element_of_it(template: str, text: str) -> None:
    # `x`: where nothing is, a template may leave out more than the text.
    text = f"x{text}x"
    expected = with_text(Parsed(render(template, **filled_views(PLACEHOLDER)[template])), text)
    assert Parsed(render(template, **filled_views(text)[template])).pieces == expected


def with_text(parsed: Parsed, text: str) -> list[Element | str]:
    """The same page with another text in each place of the placeholder."""
    shown = text.replace("\x00", "\ufffd")

    def put(value: str) -> str:
        return value.replace(PLACEHOLDER, shown)

    return [
        put(piece)
        if isinstance(piece, str)
        else (piece[0], tuple((name, value and put(value)) for name, value in piece[1]))
        for piece in parsed.pieces
    ]


def test_every_template_is_tried() -> None:
    there = set(ENVIRONMENT.list_templates())
    assert there == set(SHOWN) | MACROS | FRAMES


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="note"):
        render("shared/heading.html", title="Alerts")


def test_no_template_switches_escaping_off() -> None:
    for name in ENVIRONMENT.list_templates():
        source = ENVIRONMENT.loader.get_source(ENVIRONMENT, name)[0]  # type: ignore[union-attr]
        assert not re.search(r"\|\s*(safe|xmlattr|tojson)|autoescape|Markup", source), name


def test_every_value_in_an_attribute_is_quoted() -> None:
    for name in ENVIRONMENT.list_templates():
        source = ENVIRONMENT.loader.get_source(ENVIRONMENT, name)[0]  # type: ignore[union-attr]
        assert not re.search(r"<[^<>]*=\s*\{[{%]", source), name


def test_line_breaks_of_a_template_are_not_on_the_page() -> None:
    assert "\n" not in render("shared/tiles.html", **filled_views("a b")["shared/tiles.html"])


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: path.name)
def test_no_element_is_written_in_python(path: Path) -> None:
    # The style element holds the project's own colours and rules alone.
    written = [text for text in texts_in(path) if re.search(r"</?[a-z]+[ >]", text)]
    assert [text for text in written if "style>" not in text] == []


def texts_in(path: Path) -> Iterator[str]:
    """The texts of a program, without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value
