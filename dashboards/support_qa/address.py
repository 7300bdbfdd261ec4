"""The conversation in a page's address, so that a reload in the same browser keeps it."""

from __future__ import annotations

import streamlit as st

from dashboards import connections
from dashboards.config import DashboardSettings
from dashboards.signing_in.access import secret_of
from dashboards.support_qa.conversation import new_session_id
from dashboards.support_qa.held_addresses import HeldAddresses
from textwire.settings import load

SESSION = "session"


def conversation_in_address() -> str | None:
    """The session that the address opens here, so that a reload keeps the conversation.

    Without one there, the conversation that this tab had, or else a new one, is put there. A
    browser that keeps no cookies has its conversation in its tab alone.

    Returns: None: the address is of another browser, or of nobody.
    Raises:  SettingsError: nothing to sign with can be kept.
    """
    address = st.query_params.get(SESSION)
    if address is None:
        session_id: str = st.session_state.get(SESSION) or new_session_id()
        _put(session_id)
        return session_id
    browser = connections.browser()
    opened = _addresses().session_in(address, browser) if browser else None
    if opened:
        st.session_state[SESSION] = opened
    return opened


def begin_conversation() -> None:
    """Put a new conversation into the address."""
    _put(new_session_id())


def _put(session_id: str) -> None:
    st.session_state[SESSION] = session_id
    if browser := connections.browser():
        st.query_params[SESSION] = _addresses().address_of(session_id, browser)
    else:
        st.query_params.pop(SESSION, None)


def _addresses() -> HeldAddresses:
    return _held_addresses(load(DashboardSettings))


@st.cache_resource(show_spinner=False)
def _held_addresses(_settings: DashboardSettings) -> HeldAddresses:
    return HeldAddresses(secret_of(_settings))
