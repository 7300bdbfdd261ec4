"""Secrets that are drawn once and kept beside the data, for their owner's eyes alone."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path

from textwire.errors import SettingsError
from textwire.file_rights import make_private, owner_only

SECRET_BYTES = 32
# In a secret that somebody sets.
SHORTEST_SECRET = 32


def checked_secret(secret: str, variable: str) -> str:
    """A secret that somebody has set.

    Raises: SettingsError: it is too short to be one.
    """
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(
            f"{variable} has {len(secret)} characters, and needs {SHORTEST_SECRET} at least, such "
            f"as {secrets.token_urlsafe(SECRET_BYTES)}."
        )
    return secret


def kept_secret(folder: Path, of: str, instead: str) -> str:
    """A folder's secret of that name, drawn when it is first asked for.

    Args:   of: whose secret it is, such as `gateway`.
            instead: the setting that could hold it.
    Raises: SettingsError: it can be neither read nor written.
    """
    path = folder / f"{of}.secret"
    try:
        make_private(folder)
        if not path.exists():
            _draw(path)
        return path.read_text()
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be used: {error}. Set {instead}, or mend that."
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
