from __future__ import annotations

import msgspec

from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.results.records import WaitingPost


def post_of(alert: Alert) -> WaitingPost:
    body = msgspec.json.encode(alert).decode()
    return WaitingPost(
        id=f"msg_{alert.id}-{alert.version}",
        alert_id=alert.id,
        partition=0,
        offset=alert.version,
        at=alert.updated_at,
        body=body,
    )
