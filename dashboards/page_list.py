"""Which pages there are, and for whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboards.signing_in.viewer import Viewer
from textwire.access.roles import Role


@dataclass(frozen=True)
class ListedPage:
    """A page of the navigation; without `needed` it is for all."""

    script: str
    title: str
    icon: str
    url_path: str | None = None
    needed: Role | None = None

    def as_page(self) -> StreamlitPage:
        """The same as Streamlit has it; the one without a path of its own comes first."""
        return st.Page(
            self.script, title=self.title, icon=f":material/{self.icon}:",
            url_path=self.url_path, default=self.url_path is None,
        )  # fmt: skip


PAGES = (
    ListedPage("support_qa/page.py", "Support chat", "forum"),
    ListedPage("support_qa/desk_page.py", "Agent desk", "support_agent", "desk", "agent"),
    ListedPage("support_qa/knowledge_page.py", "Knowledge", "menu_book", "knowledge", "agent"),
    ListedPage("support_qa/analytics_page.py", "Analytics", "monitoring", "analytics", "agent"),
    ListedPage(
        "sentiment_alerts/page.py", "Sentiment monitor", "newspaper", "sentiment", "analyst"
    ),
    ListedPage(
        "recommendations/page.py", "Recommendations", "recommend", "recommendations", "analyst"
    ),
    ListedPage(
        "recommendations/compare_page.py", "Compare lists", "compare_arrows", "compare", "analyst"
    ),
    ListedPage("operations/page.py", "Operations", "monitor_heart", "operations", "operator"),
    ListedPage("models/page.py", "Models", "model_training", "models", "operator"),
)


def pages_for(viewer: Viewer) -> Iterator[ListedPage]:
    """The pages that somebody may see, and where they signed in, their own."""
    for page in PAGES:
        if page.needed is None or viewer.may(page.needed):
            yield page
    if viewer.name:
        yield ListedPage("signing_in/page.py", viewer.name, "account_circle", "me")
