"""People and their passwords in a file, for set-ups without a sign-in of their own.

One line for each person, as in `ada:analyst,operator:$argon2id$v=19$...`, or `ada:analyst:*` for
somebody who signs in elsewhere and has no password here. The file is its owner's alone. What is
kept of a password is its hash by Argon2id (RFC 9106, the second recommended option: 64 MiB, three
passes), from which it cannot be read.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from textwire.access.roles import ROLES, Role
from textwire.errors import SettingsError
from textwire.file_rights import make_private, owner_only

LONGEST_NAME = 100
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1_000
COMMENT = "#"
# As in /etc/shadow: no password has this hash.
NO_PASSWORD = "*"  # noqa: S105 - none

_hasher = PasswordHasher()


@dataclass(frozen=True)
class Person:
    """Somebody who may sign in."""

    name: str
    roles: frozenset[Role]
    password_hash: str = field(repr=False)


def is_name(name: str) -> bool:
    """Whether somebody can have this name: it stands at the beginning of a line."""
    fits = 0 < len(name) <= LONGEST_NAME and name == name.strip() and name.isprintable()
    return fits and not name.startswith(COMMENT) and not set(":,") & set(name)


def read_people(path: Path) -> dict[str, Person]:
    """Everybody in a file, by name.

    Raises: SettingsError: it cannot be read; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The file of people {path} cannot be read: {error}. "
            "`textwire people add NAME --role ROLE` begins one."
        ) from error
    people = {}
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith(COMMENT):
            person = _person(line, f"{path}, line {number}")
            people[person.name] = person
    return people


def write_people(path: Path, people: Mapping[str, Person]) -> None:
    """Replace a file in one step.

    Raises: SettingsError: it cannot be written.
    """
    lines = [
        f"{person.name}:{','.join(sorted(person.roles))}:{person.password_hash}\n"
        for _, person in sorted(people.items())
    ]
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        make_private(path.parent)
        try:
            with owner_only():
                aside.write_text("".join(lines), encoding="utf-8")
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise SettingsError(f"The file of people {path} cannot be written: {error}.") from error


def new_person(name: str, roles: frozenset[Role], password: str) -> Person:
    """Somebody with a password, of which the hash is kept.

    Raises: SettingsError: the name or the password is none.
    """
    _require_name(name)
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise SettingsError(
            f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD:,} characters."
        )
    return Person(name, roles, _hasher.hash(password))


def person_without_password(name: str, roles: frozenset[Role]) -> Person:
    """Somebody whom an OpenID provider tells us of, under this name.

    Raises: SettingsError: it cannot be a name.
    """
    _require_name(name)
    return Person(name, roles, NO_PASSWORD)


def signed_in(people: Mapping[str, Person], name: str, password: str) -> Person | None:
    """Who signs in with this name and password, or None.

    A name that nobody has takes as long as a wrong password, so that it does not show.
    """
    person = people.get(name)
    known = person.password_hash if person else _nobodys_hash()
    try:
        _hasher.verify(known, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return None
    return person


def _require_name(name: str) -> None:
    if not is_name(name):
        raise SettingsError(
            f"{name!r} cannot be a name: it has 1 to {LONGEST_NAME} characters that can be seen, "
            "without `:` and `,`, and does not begin with `#`."
        )


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_hex())


def _person(line: str, where: str) -> Person:
    name, _, rest = line.partition(":")
    roles, _, password_hash = rest.partition(":")
    held = [role.strip() for role in roles.split(",")]
    is_hash = password_hash.startswith("$argon2") or password_hash.strip() == NO_PASSWORD
    if not is_name(name) or not is_hash:
        raise SettingsError(
            f"{where} is not `name:role,role:hash`; `textwire people add` writes such lines."
        )
    if unknown := [role for role in held if role not in ROLES]:
        raise SettingsError(f"{where}: {unknown[0]!r} is no role; there are {', '.join(ROLES)}.")
    return Person(name, cast("frozenset[Role]", frozenset(held)), password_hash.strip())
