"""Whether the pages are open or need a sign-in, and to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from dashboards.config import DashboardSettings
from dashboards.signing_in.viewer import ViewerCookies
from textwire.access.kept_secrets import checked_secret, kept_secret
from textwire.access.password_file import Person, read_people
from textwire.errors import SettingsError
from textwire.hosts import is_loopback
from textwire.settings import StackSettings, load

SECRET_VARIABLE = "TEXTWIRE_DASHBOARD_SIGN_IN_SECRET"  # noqa: S105 - its name
PEOPLE_FILE = "people"

People = Callable[[], Mapping[str, Person]]


def people_of(settings: DashboardSettings) -> People:
    """What reads the file of people."""
    return PeopleFile(settings.people or load(StackSettings).data_dir / PEOPLE_FILE)


def cookies_of(settings: DashboardSettings) -> ViewerCookies:
    """What makes and reads the cookies of sign-ins.

    Raises: SettingsError: the secret is too short, or cannot be kept.
    """
    return ViewerCookies(secret_of(settings), settings.sign_in_days)


def secret_of(settings: DashboardSettings) -> str:
    """What the pages sign with.

    Raises: SettingsError: it is too short, or cannot be kept.
    """
    if settings.sign_in_secret is None:
        return kept_secret(load(StackSettings).data_dir, "dashboard", SECRET_VARIABLE)
    return checked_secret(settings.sign_in_secret.get_secret_value(), SECRET_VARIABLE)


def require_allowed(settings: DashboardSettings, host: str) -> None:
    """Hold that pages which everybody may act on are reached from this machine alone.

    Args:   host: the address that they listen on.
    Raises: SettingsError.
    """
    is_guarded = settings.sign_in != "open" or settings.open_beyond_loopback
    if not is_guarded and not is_loopback(host):
        raise SettingsError(
            f"The pages listen on {host or 'every address'}, where everybody could act on alerts "
            "and read conversations. Set TEXTWIRE_DASHBOARD_SIGN_IN=passwords (or oidc) and add "
            "people with `textwire people add`; or, where something in front lets only the right "
            "people in, TEXTWIRE_DASHBOARD_OPEN_BEYOND_LOOPBACK=true."
        )


class PeopleFile:
    """The people of a file, read anew when it has changed: who was removed is out at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: object = None
        self._people: Mapping[str, Person] = {}

    def __call__(self) -> Mapping[str, Person]:
        """Everybody, by name.

        Raises: SettingsError: the file is not there, or not to be read.
        """
        seen = self._signature()
        if seen is None or seen != self._seen:
            self._people, self._seen = read_people(self._path), seen
        return self._people

    def _signature(self) -> tuple[int, int, int] | None:
        """What changes with the file; nothing where it is not there."""
        try:
            found = self._path.stat()
        except OSError:
            return None  # reading it says why
        return found.st_ino, found.st_size, found.st_mtime_ns
