"""One attempt to post, signed as Standard Webhooks say.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import httpx2
from standardwebhooks import Webhook as Signer

from services.sentiment_alerts.posting.recipient import NotTaken, Refused
from textwire.errors import SettingsError
from textwire.retry_after import retry_after_s
from textwire.sentiment_alerts.results.records import WaitingPost

TRIED_AGAIN = {408, 429}


class Address:
    """Where alerts are posted to. Each post is a connection of its own: alerts are rare."""

    def __init__(self, url: str, secrets: Sequence[str] = (), timeout_s: float = 5.0) -> None:
        """Nothing is asked yet.

        Args:   url: http or https; a name and a password in it are sent as basic authentication.
                secrets: `whsec_` and base64; a post has a signature by each.
                timeout_s: for all of an attempt, from finding the host to the answer's head.
        Raises: SettingsError: the URL is none.
        """
        try:
            self._url = httpx2.URL(url)
        except httpx2.InvalidURL:
            # Without the reason, which may quote a token.
            raise SettingsError(
                "sentiment_alerts.webhook_url is no address that can be posted to: look at its "
                "host, its port and its escapes."
            ) from None
        self._signers = [Signer(secret) for secret in secrets]
        self._timeout_s = timeout_s
        self._tls = ssl.create_default_context()
        # Kept from one post to the next: closing it waits for a host name that is still looked up.
        self._runner = asyncio.Runner()

    def post(self, post: WaitingPost, at: datetime) -> None:
        """Post once; of the answer nothing but its head is read, and no redirect is followed.

        Args:   at: now.
        Raises: NotTaken: it does not answer, or not now. Refused: it answered with a 4xx.
        """
        try:
            answer = self._runner.run(self._ask(post, at))
        except TimeoutError:
            raise NotTaken(f"no answer within {self._timeout_s:g} s") from None
        except httpx2.ConnectError as error:
            raise NotTaken(f"no connection: {error}") from None
        except httpx2.TransportError as error:
            # By its name alone: what it says may repeat what was sent, and with it a password.
            raise NotTaken(f"no answer in HTTP: {type(error).__name__}") from None
        if answer.is_success:
            return
        if answer.is_client_error and answer.status_code not in TRIED_AGAIN:
            raise Refused(f"answered {answer.status_code}")
        raise NotTaken(f"answered {answer.status_code}", retry_after_s(answer.headers, at))

    def close(self) -> None:
        """Post no more."""
        self._runner.close()

    async def _ask(self, post: WaitingPost, at: datetime) -> httpx2.Response:
        # One limit for all, since those of the client are for each byte anew. And nothing comes
        # from the environment: no proxy, no password for the host.
        async with (
            asyncio.timeout(self._timeout_s),
            httpx2.AsyncClient(verify=self._tls, timeout=None, trust_env=False) as client,
            client.stream(
                "POST", self._url, content=post.body.encode(), headers=self._headers(post, at)
            ) as answer,
        ):
            return answer

    def _headers(self, post: WaitingPost, at: datetime) -> Mapping[str, str]:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "textwire",
            "webhook-id": post.id,
            "webhook-timestamp": f"{int(at.timestamp())}",
            "Idempotency-Key": post.id,
        }
        if self._signers:
            headers["webhook-signature"] = " ".join(
                signer.sign(post.id, at.astimezone(UTC), post.body) for signer in self._signers
            )
        return headers
