from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import pytest
from msgspec.structs import replace

from services.sentiment_alerts.notifications.alertmanager import AlertmanagerAddress
from services.sentiment_alerts.posting.recipient import NotTaken, Refused
from tests.services.sentiment_alerts.notifications.posts import post_of
from tests.services.sentiment_alerts.pagers import Pager
from textwire.sentiment_alerts.messages import Alert


def test_an_alert_fires_under_the_same_labels_until_it_is_resolved(
    alert: Alert, pager: Pager
) -> None:
    pager.usual = 200
    address = AlertmanagerAddress(f"alertmanager://{pager.address}/")
    over = replace(alert, state="resolved", severity="high", topic=None)
    for one in (alert, over):
        address.post(post_of(one), alert.updated_at)
    address.close()

    (opened,), (ended,) = (msgspec.json.decode(post.body) for post in pager.posts)
    assert {post.path for post in pager.posts} == {"/api/v2/alerts"}
    assert opened["labels"] == ended["labels"]
    assert opened["labels"]["entity"] == "Northmere Energy"
    until = datetime.fromisoformat(opened["endsAt"])
    assert until == alert.updated_at + timedelta(days=1)
    assert datetime.fromisoformat(ended["endsAt"]) == alert.updated_at


def test_it_takes_no_digest_and_what_it_does_not_take_is_tried_again(
    alert: Alert, pager: Pager
) -> None:
    address = AlertmanagerAddress(f"alertmanager://{pager.address}")
    pager.usual = 503
    with pytest.raises(NotTaken):
        address.post(post_of(alert), alert.updated_at)
    with pytest.raises(Refused, match="no digest"):
        address.post(replace(post_of(alert), alert_id="digest-desk-2026-03-02"), alert.updated_at)
    address.close()
