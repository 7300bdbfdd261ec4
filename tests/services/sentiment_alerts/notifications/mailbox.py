"""A real SMTP server that keeps what it is sent, or turns it away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller

from textwire.stack.ports import free_port


@dataclass
class Mailbox:
    port: int = 0
    turned_away: int = 0  # so many are, before any is kept
    mails: list[EmailMessage] = field(default_factory=list)

    @property
    def url(self) -> str:
        sender = "from=textwire@example.org&to=desk@example.org"
        return f"mailto://127.0.0.1:{self.port}?{sender}&mode=insecure&cto=2&rto=2"

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]

    async def handle_DATA(  # noqa: N802 - the library's name
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        if self.turned_away:
            self.turned_away -= 1
            return "451 try again"
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(cast("EmailMessage", mail))
        return "250 kept"


@contextmanager
def receiving() -> Iterator[Mailbox]:
    mailbox = Mailbox(free_port())
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
