"""Sessions that nobody can guess, bound by a signed token to whoever began them."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer
from itsdangerous.exc import SignatureExpired

from services.gateway.problems import Problem
from textwire.errors import SettingsError
from textwire.file_rights import make_private, owner_only

SALT = "textwire.gateway.session"
SECRET_FILE = "gateway.secret"  # noqa: S105 - a file's name
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


def kept_secret(folder: Path) -> str:
    """The secret of a folder, drawn when it is first asked for; for the owner's eyes alone.

    Raises: SettingsError: it can be neither read nor written.
    """
    path = folder / SECRET_FILE
    try:
        make_private(folder)
        if not path.exists():
            _draw(path)
        return path.read_text()
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be used: {error}. Set TEXTWIRE_GATEWAY_SESSION_SECRET, or mend that."
        ) from error


def _draw(path: Path) -> None:
    aside = path.with_suffix(f".{secrets.token_hex(8)}")
    with owner_only():
        aside.write_text(secrets.token_urlsafe(SECRET_BYTES))
    try:
        # It appears whole or not at all, and a replica that was quicker is not written over.
        with suppress(FileExistsError):
            path.hardlink_to(aside)
    finally:
        aside.unlink()
