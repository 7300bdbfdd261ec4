"""The conversation in a page's address, so that a reload keeps it."""

from __future__ import annotations

import streamlit as st

from dashboards.support_qa.conversation import new_session_id, valid_session_id

SESSION = "session"


def conversation_in_address() -> str:
    """The session id in the address, so that a reload keeps the conversation.

    Without one there, the conversation that this tab had, or else a new one, is put there.
    """
    session_id = valid_session_id(st.query_params.get(SESSION))
    if session_id is None:
        session_id = st.session_state.get(SESSION) or new_session_id()
        st.query_params[SESSION] = session_id
    st.session_state[SESSION] = session_id
    return session_id


def begin_conversation() -> None:
    """Put a new conversation into the address."""
    st.session_state[SESSION] = st.query_params[SESSION] = new_session_id()
