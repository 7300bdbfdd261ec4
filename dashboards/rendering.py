"""Rendering: all HTML of the pages stands in templates, and every text that one shows is escaped.

`support_qa/answer.html` is the file `answer.html` in `dashboards/support_qa/templates/`, and
`shared/pill.html` is in `dashboards/templates/`.
"""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import BaseLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2.ext import Extension

DASHBOARDS = Path(__file__).parent
SHARED = "shared"

# Beside a tag or an expression; within a tag or among words it is a blank as any other.
LINE_BREAK = re.compile(r"(?<=[>}])\s*\n\s*|\s*\n\s*(?=[<{])")


class LineBreaks(Extension):
    """Takes out the line breaks of a template: on the page they would be gaps between words."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - as jinja2 has it
        """The same template on one line."""
        return LINE_BREAK.sub("", source.strip())


def render(template: str, **values: object) -> str:
    """A template as HTML, with these values.

    Raises: UndefinedError: the template names a value that is not among them.
    """
    return ENVIRONMENT.get_template(template).render(values)


def without_nul(value: object) -> object:
    """The same, with a sign for NUL, which a browser would drop."""
    return value.replace("\x00", "\N{REPLACEMENT CHARACTER}") if type(value) is str else value


def template_folders() -> dict[str, Path]:
    """Where the templates of each page are, and those that pages share."""
    of_pages = {folder.parent.name: folder for folder in DASHBOARDS.glob("*/templates")}
    return {SHARED: DASHBOARDS / "templates", **of_pages}


def _loader() -> BaseLoader:
    return PrefixLoader({name: FileSystemLoader(at) for name, at in template_folders().items()})


ENVIRONMENT = Environment(
    loader=_loader(), autoescape=True, undefined=StrictUndefined, finalize=without_nul,
    extensions=[LineBreaks], auto_reload=False,
)  # fmt: skip
