"""Alerts as a table that other programs read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.results import Audited

ALERT_COLUMNS = (
    *("id", "raised_at", "kind", "rule", "entity", "topic", "severity", "state", "observed"),
    *("expected", "updated_at", "digest"),
)
AUDIT_COLUMNS = ("at", "by", "action", "entity", "topic", "before", "after", "note", "alert_id")
# A cell that begins so is a formula to a spreadsheet, and alerts quote what others wrote.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def alerts_csv(alerts: Iterable[Alert]) -> str:
    """All alerts, a row each."""
    return _csv(ALERT_COLUMNS, alerts)


def audit_csv(audited: Iterable[Audited]) -> str:
    """Who did what, a row each."""
    return _csv(AUDIT_COLUMNS, audited)


def _csv(columns: Iterable[str], rows: Iterable[object]) -> str:
    written, names = io.StringIO(), list(columns)
    table = csv.writer(written)
    table.writerow(names)
    table.writerows([_cell(getattr(row, name)) for name in names] for row in rows)
    return written.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text
