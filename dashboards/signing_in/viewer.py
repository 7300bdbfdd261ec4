"""Who looks at a page, and what they may do on it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer

from textwire.access.password_file import Person
from textwire.access.roles import EVERYTHING, Role, may

COOKIE = "textwire_viewer"
SALT = "textwire.dashboard.viewer"
DAY_S = 24 * 60 * 60
STAMP_CHARACTERS = 16


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks at the pages; without a name while everybody may."""

    name: str
    roles: frozenset[Role]

    def may(self, needed: Role) -> bool:
        """Whether they may see what is for a role."""
        return may(self.roles, needed)


ANYBODY = Viewer("", frozenset({EVERYTHING}))


class ViewerCookies:
    """What a browser keeps of a sign-in: a name, signed, and with which password it was."""

    def __init__(self, secret: str, days: float) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt=SALT)
        self.lasts_s = int(days * DAY_S)

    def cookie_of(self, person: Person) -> str:
        """The value of the cookie of somebody who has signed in."""
        return self._signer.dumps([person.name, _stamp(person)])

    def viewer_of(self, cookie: str | None, people: Mapping[str, Person]) -> Viewer | None:
        """Whose cookie it is; nobody's where they are gone, or have another password since."""
        try:
            name, stamp = self._signer.loads(cookie or "", max_age=self.lasts_s)
        except (BadSignature, ValueError, TypeError):
            return None
        person = people.get(name)
        if person is None or stamp != _stamp(person):
            return None
        return Viewer(person.name, person.roles)


def _stamp(person: Person) -> str:
    """What changes with the password, and tells nothing of it."""
    return hashlib.sha256(person.password_hash.encode()).hexdigest()[:STAMP_CHARACTERS]
