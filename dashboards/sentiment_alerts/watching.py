"""Watching companies, as a person writes them into a form; and watching them no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec

from dashboards.connections import MessageSender
from dashboards.requests import send_all
from textwire.errors import SettingsError, TextwireError
from textwire.sentiment_alerts.topics import NEWS_WATCHLIST
from textwire.sentiment_alerts.watchlist import WatchedCompany, check_names_differ


def watch(
    fields: Mapping[str, str],
    known: Iterable[WatchedCompany],
    sender: Callable[[], MessageSender],
) -> str:
    """Have a company watched; one of that name is defined anew.

    Args:    fields: as they were typed, several by commas in aliases, context and not.
    Returns: why it cannot be, or nothing.
    """
    try:
        company = msgspec.convert(
            {
                "name": fields.get("name", "").strip(),
                "ticker": fields.get("ticker", "").strip() or None,
                "sector": fields.get("sector", "").strip() or None,
                **{name: _several(fields.get(name, "")) for name in ("aliases", "context", "not")},
            },
            WatchedCompany,
        )
        check_names_differ([*(one for one in known if one.name != company.name), company])
    except (msgspec.ValidationError, SettingsError) as error:
        return str(error)
    return send_all([(NEWS_WATCHLIST, company)], sender)


def unwatch(name: str, sender: Callable[[], MessageSender]) -> str:
    """Watch a company no more.

    Returns: why it could not be sent, or nothing.
    """
    try:
        sender().delete(NEWS_WATCHLIST, [name])
    except TextwireError as error:
        return str(error)
    return ""


def as_typed(company: WatchedCompany | None) -> dict[str, str]:
    """A company as a person would write it into the form; empty fields for none."""
    if company is None:
        return {}
    return {
        "name": company.name,
        "ticker": company.ticker or "",
        "aliases": ", ".join(company.aliases),
        "context": ", ".join(company.context),
        "not": ", ".join(company.not_),
        "sector": company.sector or "",
    }


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
