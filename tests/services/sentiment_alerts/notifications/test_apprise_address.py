from __future__ import annotations

import pytest

from services.sentiment_alerts.notifications.apprise_address import AppriseAddress
from services.sentiment_alerts.posting.recipient import NotTaken
from tests.services.sentiment_alerts.notifications.mailbox import Mailbox, receiving
from tests.services.sentiment_alerts.notifications.posts import post_of
from textwire.errors import SettingsError
from textwire.sentiment_alerts.messages import Alert


def test_an_alert_comes_as_an_e_mail(alert: Alert, mailbox: Mailbox) -> None:
    AppriseAddress("desk", [mailbox.url]).post(post_of(alert), alert.updated_at)

    (mail,) = mailbox.mails
    assert "Northmere Energy (labour): surge of bad news opened" in str(mail["Subject"])
    assert mail["To"] == "desk@example.org"
    body = mail.get_body(("plain",))
    assert body is not None
    assert " ".join(alert.digest.split())[:40] in " ".join(body.get_content().split())


@pytest.mark.slow
def test_what_is_not_taken_may_be_sent_again(alert: Alert, mailbox: Mailbox) -> None:
    mailbox.turned_away = 1
    address = AppriseAddress("desk", [mailbox.url])

    with pytest.raises(NotTaken, match="1 of 1 addresses of desk"):
        address.post(post_of(alert), alert.updated_at)
    address.post(post_of(alert), alert.updated_at)

    assert len(mailbox.mails) == 1


def test_of_two_addresses_the_one_that_has_it_is_not_sent_it_again(
    alert: Alert, mailbox: Mailbox
) -> None:
    with receiving() as other:
        other.turned_away = 1
        address = AppriseAddress("desk", [mailbox.url, other.url])
        with pytest.raises(NotTaken):
            address.post(post_of(alert), alert.updated_at)
        address.post(post_of(alert), alert.updated_at)

        assert (len(mailbox.mails), len(other.mails)) == (1, 1)


def test_an_address_that_is_none_is_refused_and_not_quoted() -> None:
    with pytest.raises(SettingsError) as told:
        AppriseAddress("desk", ["nonsense://s3cret@host"])

    assert "s3cret" not in str(told.value)


@pytest.mark.parametrize(
    "url",
    [
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#desk",
        "workflows://host:443/workflow/signature",
        "pagerduty://integration-key@api-key",
        "mailtos://user:password@example.org",
    ],
)
def test_chats_pagers_and_mail_are_known(url: str) -> None:
    AppriseAddress("desk", [url])
