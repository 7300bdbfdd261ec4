"""What somebody sees of the pages, by what they do here."""

from __future__ import annotations

import pytest

from dashboards.page_list import pages_for
from dashboards.signing_in.viewer import ANYBODY, Viewer

CHAT = "Support chat"
NEWS = {"Sentiment monitor", "Recommendations"}


def titles(viewer: Viewer) -> set[str]:
    return {page.title for page in pages_for(viewer)}


@pytest.mark.parametrize("role", ["customer", "agent"])
def test_customers_and_agents_see_no_desk_of_others(role) -> None:
    assert not titles(Viewer("ada", frozenset({role}))) & (NEWS | {"Operations"})
    assert CHAT in titles(Viewer("ada", frozenset({role})))


def test_an_analyst_sees_the_news_and_the_shop() -> None:
    seen = titles(Viewer("ada", frozenset({"analyst"})))
    assert seen > NEWS
    assert "Operations" not in seen


def test_an_operator_and_anybody_while_it_is_open_see_everything() -> None:
    of_operator = titles(Viewer("ada", frozenset({"operator"})))
    assert of_operator - {"ada"} == titles(ANYBODY)
    assert titles(ANYBODY) >= NEWS | {CHAT, "Operations"}
