"""Pages over edges that a test hands in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboards
from dashboards import connections
from textwire.results.memory import MemoryResults

APP = Path(dashboards.__file__).with_name("app.py")
OpenPage = Callable[..., AppTest]


@pytest.fixture
def store() -> MemoryResults:
    return MemoryResults()


@pytest.fixture
def open_page() -> Iterator[OpenPage]:
    """Opens a page over the given edges."""

    def opened(edges: connections.Edges, page: str = "", **query: str) -> AppTest:
        connections.use(edges)
        app = AppTest.from_file(str(APP), default_timeout=30)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        return app.switch_page(page).run() if page else app

    yield opened
    connections.use(connections.LIVE)


def shown(app: AppTest) -> str:
    """All that a page shows as HTML, without the style sheet."""
    assert not app.exception, app.exception
    bodies = [element.body for element in app.html]
    return "\n".join(body for body in bodies if not body.startswith("<style>"))


def folds(app: AppTest) -> list[str]:
    """The labels of what can be folded out."""
    return [expander.label for expander in app.expander]


def session_in_address(app: AppTest) -> str:
    """The session id that the address of a page holds."""
    return in_address(app, "session")


def in_address(app: AppTest, name: str) -> str:
    """What the address of a page holds under a name."""
    value = app.query_params[name]
    return value if isinstance(value, str) else value[0]
