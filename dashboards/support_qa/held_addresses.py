"""Addresses that open a conversation for the browser that holds it, and for no other."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

SALT = "textwire.dashboard.conversation"


class HeldAddresses:
    """Signs the ids of conversations, each for the browser that it was begun in.

    So an address that is passed on, or is seen in a log or on a screen, opens nothing elsewhere.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def address_of(self, session_id: str, browser: str) -> str:
        """What stands in the address of a conversation.

        Args: browser: what it is known by, which nobody else can know.
        """
        return str(self._signer(browser).dumps(session_id))

    def session_in(self, address: str, browser: str) -> str | None:
        """The session that an address opens for a browser; None: it opens none."""
        try:
            session_id = self._signer(browser).loads(address)
        except (BadSignature, ValueError):
            return None
        return session_id if isinstance(session_id, str) else None

    def _signer(self, browser: str) -> URLSafeSerializer:
        return URLSafeSerializer(self._secret, salt=f"{SALT}.{browser}")
