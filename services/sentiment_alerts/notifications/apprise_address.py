"""Sending by apprise: e-mail, Slack, Teams, PagerDuty and a hundred others, by their addresses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from services.sentiment_alerts.notifications.daily_digest import is_digest
from services.sentiment_alerts.notifications.notices import Notice, notice_of
from services.sentiment_alerts.posting.recipient import NotTaken
from textwire.errors import SettingsError
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.results.records import WaitingPost

# Of each wait for a server, connecting or reading; apprise has 4 s for each.
ATTEMPT_S = 30.0


class AppriseAddress:
    """All addresses of a target: a notice is taken once each of them has it."""

    def __init__(self, name: str, urls: Sequence[str]) -> None:
        """Nothing is asked yet.

        Raises: SettingsError: apprise is not installed, or cannot read an address, which is not
                quoted: it holds passwords.
        """
        self._name = name
        self._addresses = [_address(name, number, url) for number, url in enumerate(urls, 1)]
        # Which of them have a post already that others have not.
        self._has: dict[str, set[int]] = {}

    def post(self, post: WaitingPost, at: datetime) -> None:  # noqa: ARG002 - a recipient's
        """Send once to those that have it not.

        Raises: NotTaken: one of them did not take it.
        """
        notice = as_notice(post)
        has = self._has.setdefault(post.id, set())
        for number, address in enumerate(self._addresses):
            if number not in has and _send(address, notice):
                has.add(number)
        if len(has) < len(self._addresses):
            missing = len(self._addresses) - len(has)
            raise NotTaken(
                f"{missing} of {len(self._addresses)} addresses of {self._name} did not take it; "
                "apprise's own lines in the log say why"
            )
        del self._has[post.id]

    def close(self) -> None:
        """Nothing is held open."""


def as_notice(post: WaitingPost) -> Notice:
    """What a waiting post says to people."""
    if is_digest(post):
        return msgspec.json.decode(post.body, type=Notice)
    return notice_of(msgspec.json.decode(post.body, type=Alert))


def _address(name: str, number: int, url: str) -> Any:
    try:
        import apprise
    except ImportError as error:
        raise SettingsError(
            'sentiment_alerts.notify_targets needs apprise: pip install "textwire[notifications]".'
        ) from error
    # Nothing is written to disk, and no address to the log.
    asset = apprise.AppriseAsset(
        app_id="Textwire",
        app_desc="Textwire's alerts",
        async_mode=False,
        secure_logging=True,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
    address = apprise.Apprise(asset=asset)
    if not address.add(url):
        raise SettingsError(
            f"Address {number} of target {name} is none that apprise knows: see "
            "https://github.com/caronc/apprise for how each service is written."
        )
    return address


def _send(address: Any, notice: Notice) -> bool:
    sent = address.notify(
        title=notice.title, body=notice.body, notify_type=notice.tone, body_format="text"
    )
    return bool(sent)
