"""Alerts for Prometheus's Alertmanager, which groups, silences and routes them with its own.

Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from services.sentiment_alerts.notifications.daily_digest import is_digest
from services.sentiment_alerts.posting.recipient import Refused
from services.sentiment_alerts.webhook.address import Address
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.results.records import WaitingPost

SCHEMES = {"alertmanager": "http", "alertmanagers": "https"}
PATH = "/api/v2/alerts"
# Alertmanager ends what it hears no more of: longer than an alert is usually told of again.
FIRES_FOR = timedelta(days=1)


class AlertmanagerAddress:
    """Written `alertmanager://host:9093`, or with `alertmanagers` by TLS."""

    def __init__(self, url: str, timeout_s: float = 5.0) -> None:
        """Nothing is asked yet. Raises: SettingsError: the URL is none."""
        scheme, _, rest = url.partition("://")
        self._address = Address(f"{SCHEMES[scheme]}://{rest.rstrip('/')}{PATH}", (), timeout_s)

    def post(self, post: WaitingPost, at: datetime) -> None:
        """Post once. Raises: NotTaken. Refused: it has no use for a digest, or answered so."""
        if is_digest(post):
            raise Refused("Alertmanager takes alerts, and no digest")
        body = as_alertmanager(msgspec.json.decode(post.body, type=Alert))
        self._address.post(replace(post, body=body.decode()), at)

    def close(self) -> None:
        """Post no more."""
        self._address.close()


def is_alertmanager(url: str) -> bool:
    """Whether an address is one of Alertmanager."""
    return url.partition("://")[0] in SCHEMES


def as_alertmanager(alert: Alert) -> bytes:
    """The alert in Alertmanager's form; its labels are the same all its life."""
    labels = {"alertname": "textwire", "kind": alert.kind, "alert_id": alert.id}
    named = {"entity": alert.entity, "rule": alert.rule}
    is_over = alert.state == "resolved"
    return msgspec.json.encode(
        [
            {
                "labels": labels | {name: value for name, value in named.items() if value},
                "annotations": {
                    "summary": alert.digest,
                    "severity": alert.severity,
                    "topic": alert.topic or "",
                    "state": alert.state,
                },
                "startsAt": alert.raised_at,
                "endsAt": alert.updated_at + (timedelta() if is_over else FIRES_FOR),
            }
        ]
    )
