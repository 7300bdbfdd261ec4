"""Sessions that nobody can guess, bound by a signed token to whoever began them."""

from __future__ import annotations

import secrets

from itsdangerous import BadSignature, URLSafeTimedSerializer
from itsdangerous.exc import SignatureExpired

from services.gateway.problems import Problem

SALT = "textwire.gateway.session"
SECRET_BYTES = 32
DAY_S = 24 * 60 * 60


class SessionTokens:
    """Gives sessions out, and tells whose a token is."""

    def __init__(self, secret: str, days: float) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt=SALT)
        self.lasts_s = int(days * DAY_S)

    def begin(self) -> tuple[str, str]:
        """A new session's id, and the token that opens it."""
        session_id = secrets.token_urlsafe(SECRET_BYTES)
        return session_id, self._signer.dumps(session_id)

    def session_of(self, token: str) -> str:
        """The session that a token opens.

        Raises: Problem: 401, the token is none of ours, or too old.
        """
        try:
            return str(self._signer.loads(token, max_age=self.lasts_s))
        except SignatureExpired as error:
            raise Problem(401, "This session is over. Begin a new one.") from error
        except BadSignature as error:
            raise Problem(
                401, "This session is not known. Begin one by POST /v1/support/sessions."
            ) from error
