"""Settings of the pages."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr

from textwire.settings import Section


class DashboardSettings(Section, section="dashboard"):
    """What the pages say and how often they look."""

    sign_in: Literal["open", "passwords", "oidc"] = Field(
        "open",
        description="who may look: `open`, everybody who reaches the pages, which is only allowed "
        "on loopback; `passwords`, the people of a file; `oidc`, those of them who sign in at an "
        "OpenID provider",
    )
    oidc_metadata_url: str | None = Field(
        None,
        description="of the provider, its address that ends in `/.well-known/openid-configuration`",
    )
    oidc_client_id: str | None = Field(
        None, description="the name under which the pages are registered at the provider"
    )
    oidc_client_secret: SecretStr | None = Field(
        None, description="what the provider knows the pages by; empty: a public client, by PKCE"
    )
    oidc_scope: str = Field(
        "openid email profile", description="what the provider is asked to tell of a person"
    )
    oidc_claim: str = Field(
        "email",
        description="what of it is their name in the file of people: `email`, "
        "`preferred_username`, or another claim",
    )
    oidc_title: str = Field(
        "your account", description="what the button says one signs in with, such as `Contoso`"
    )
    public_url: str | None = Field(
        None,
        description="where browsers find the pages, such as `https://desk.example.org`, where a "
        "proxy stands before them; the provider sends people back there",
    )
    people: Path | None = Field(
        None,
        description="file of people for `passwords` and `oidc`, as `textwire people add` writes "
        "it; empty: `people` in the data folder",
    )
    open_beyond_loopback: bool = Field(
        False,
        description="leave the pages open also where they do not listen on loopback, because "
        "something in front of them, such as a proxy, lets only the right people in",
    )
    sign_in_days: float = Field(
        7.0, gt=0, le=365, description="how long a sign-in lasts in a browser"
    )
    sign_in_secret: SecretStr | None = Field(
        None,
        description="what sign-ins and the addresses of conversations are signed with, 32 "
        "characters or more, the same for all replicas; empty: one is drawn and kept in the data "
        "folder",
    )
    company: str = Field(
        "Larkfield",
        min_length=1,
        max_length=60,
        description="whose support the chat is",
    )
    greeting: str = Field(
        "Ask about your account, cards, Larkfield Invest or an order in the Shop. "
        "What I do not know, I pass on to a colleague.",
        max_length=500,
        description="what the chat says before the first question",
    )
    suggestions: tuple[str, ...] = Field(
        (
            "My card was charged twice, what do I do?",
            "How long does a transfer to another bank take?",
            "Can I move my shares to Larkfield Invest?",
            "My parcel has not arrived yet",
        ),
        max_length=8,
        description="questions that a customer can ask with one click",
    )
    answer_timeout_s: float = Field(
        15.0, gt=0, description="waiting time after which the chat says that no answer came"
    )
    poll_s: float = Field(
        0.1, ge=0.02, description="how often the chat looks for an answer it waits for"
    )
    refresh_s: float = Field(1.0, ge=0.2, description="how often figures on a page are refreshed")
    charts_refresh_s: float = Field(5.0, ge=0.5, description="how often charts are redrawn")
    silent_after_s: float = Field(
        5.0, gt=0, description="age of a service's last report at which it counts as silent"
    )
    history_minutes: int = Field(15, ge=1, le=15, description="how far back charts go")
    recent_answers: int = Field(12, ge=1, le=200, description="how many recent answers are listed")
    acts_as: str = Field(
        "news desk",
        min_length=1,
        max_length=200,
        description="who acts on alerts from these pages; stands in the alerts' history",
    )
    agent: str = Field(
        "Support team",
        min_length=1,
        max_length=60,
        description="who answers from the agent desk, until a colleague gives a name there",
    )
    watched_companies: int = Field(
        18, ge=1, le=100, description="how many companies the watchlist shows at once"
    )
    listed_stories: int = Field(6, ge=1, le=100, description="how many stories are listed")
    heat_companies: int = Field(
        10,
        ge=1,
        le=50,
        description="how many companies stand beside topics, those first that need looking at",
    )
    recent_articles: int = Field(8, ge=1, le=100, description="how many articles are listed")
    topics_from_articles: int = Field(
        200, ge=1, le=200, description="how many recent articles are looked through for topics"
    )
    recommended_items: int = Field(
        12, ge=1, le=50, description="how many items a list has that the page asks for"
    )
    recent_deeds: int = Field(
        12, ge=1, le=100, description="how many of the last things a shopper did are listed"
    )
    currency: str = Field(
        "€", max_length=8, description="what the catalogue's prices are in; stands before them"
    )
