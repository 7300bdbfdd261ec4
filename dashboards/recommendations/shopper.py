"""Whom the recommendations are for: who was just active, or oneself; kept in the address."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

import streamlit as st

USER, ME, PICKED = "user", "me", "picked_user"
# As messages.fields.Identifier has it.
MOST_CHARACTERS = 200
MOST_LISTED = 100


def own_id() -> str:
    """This tab's own shopper."""
    me: str = st.session_state.setdefault(ME, new_id())
    return me


def new_id() -> str:
    """An id that nobody has: who knows it can see what the shopper did."""
    return f"guest-{uuid4().hex[:12]}"


def shopper_in_address(active: Sequence[str]) -> str:
    """The user in the address; without one there, who was active last, or else oneself."""
    named = st.query_params.get(USER)
    if not named or len(named) > MOST_CHARACTERS:
        named = st.session_state.get(USER) or (active[0] if active else own_id())
    remember(named)
    return named


def remember(user_id: str) -> None:
    """Put a user into the address, so that a reload keeps them."""
    if user_id.startswith("guest-") and ME not in st.session_state:
        st.session_state[ME] = user_id  # a reload of one's own address
    st.session_state[USER] = user_id
    if st.query_params.get(USER) != user_id:
        st.query_params[USER] = user_id


def choices(active: Sequence[str], shown: str) -> list[str]:
    """Oneself, who is shown, and who was active, each once."""
    return list(dict.fromkeys([own_id(), shown, *active[:MOST_LISTED]]))


def become_new() -> None:
    """Leave whoever one was."""
    st.session_state[ME] = new_id()
    remember(st.session_state[ME])
    st.session_state[PICKED] = st.session_state[ME]


def shopper_name(user_id: str, me: str) -> str:
    """A user as the list of choices names them."""
    return f"You ({user_id})" if user_id == me else user_id
