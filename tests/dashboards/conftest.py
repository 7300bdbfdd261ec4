"""Pages over edges that a test hands in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboards
from dashboards import connections
from dashboards.support_qa.held_addresses import HeldAddresses
from tests.dashboards.page_examples import BROWSER
from textwire.results.memory import MemoryResults

APP = Path(dashboards.__file__).with_name("app.py")
SECRET = "a secret of thirty-two characters"
HELD = HeldAddresses(SECRET)
OpenPage = Callable[..., AppTest]


@pytest.fixture
def store() -> MemoryResults:
    return MemoryResults()


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenPage]:
    """Opens a page over the given edges; `session` is of a conversation that is held there."""
    monkeypatch.setenv("TEXTWIRE_DASHBOARD_SIGN_IN_SECRET", SECRET)

    def opened(
        edges: connections.Edges, page: str = "", session: str = "", **query: str
    ) -> AppTest:
        connections.use(edges)
        app = AppTest.from_file(str(APP), default_timeout=30)
        if session:
            query["session"] = HELD.address_of(session, edges.browser())
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
    """The session that the address of a page opens in the browser of tests."""
    session_id = HELD.session_in(in_address(app, "session"), BROWSER)
    assert session_id
    return session_id


def in_address(app: AppTest, name: str) -> str:
    """What the address of a page holds under a name."""
    value = app.query_params[name]
    return value if isinstance(value, str) else value[0]
