"""Roles: what kind of work a person does here, and so what they see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

Role = Literal["customer", "agent", "analyst", "operator"]
ROLES: tuple[Role, ...] = get_args(Role)
# An operator sees everything; all others what their work needs.
EVERYTHING: Role = "operator"


def may(roles: Iterable[Role], needed: Role) -> bool:
    """Whether these roles are enough for what needs one."""
    held = set(roles)
    return needed in held or EVERYTHING in held
