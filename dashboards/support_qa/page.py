"""Support chat: ask, and see the answer with its sources, or who takes over."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from dashboards import connections
from dashboards.browser import time_zone
from dashboards.config import DashboardSettings
from dashboards.folding import fold
from dashboards.markup import notice, pill
from dashboards.service_status import presence
from dashboards.support_qa.address import begin_conversation, conversation_in_address
from dashboards.support_qa.asking import forgiven, send_waiting
from dashboards.support_qa.chat_html import (
    Sourced,
    chat_header,
    exchange_bubbles,
    waiting_bubbles,
    welcome,
)
from dashboards.support_qa.conversation import (
    Exchange,
    WaitingQuestion,
    ask,
    exchanges,
    still_waiting,
    told_apart,
)
from textwire.errors import Unavailable
from textwire.observing.reports import read_reports
from textwire.settings import load
from textwire.support_qa.messages import MOST_QUESTION_CHARACTERS
from textwire.support_qa.results import read_answers, read_turns

SERVICE = "support-qa"


def waiting_questions() -> list[WaitingQuestion]:
    """The questions of this conversation whose answers are not here yet."""
    waiting: list[WaitingQuestion] = st.session_state.setdefault("waiting", [])
    return waiting


def take(text: str) -> None:
    """Note a question; it is sent once its bubble is on the page."""
    if text.strip():
        waiting_questions().append(ask(session_id, text.strip(), connections.now()))


def start_anew() -> None:
    """Leave this conversation, which stays under its own address."""
    begin_conversation()
    st.session_state.waiting = []
    st.session_state.exchanges = []


def try_again() -> None:
    """Send what could not be sent."""
    st.session_state.waiting = forgiven(waiting_questions())


def pace_s() -> float:
    """Seconds to the next look: short while an answer may come any moment."""
    now = connections.now()
    expected = [
        asked
        for asked in waiting_questions()
        if not asked.problem and not asked.is_late(now, settings.answer_timeout_s)
    ]
    return settings.poll_s if expected else settings.refresh_s


def read_conversation() -> list[Exchange]:
    """What was said so far; what is here now is waited for no longer."""
    store = connections.results()
    turns = read_turns(store, session_id)
    answered = [turn.question_id for turn in turns if turn.role == "bot" and turn.question_id]
    st.session_state.exchanges = exchanges(turns, read_answers(store, session_id, answered))
    st.session_state.waiting = still_waiting(waiting_questions(), turns)
    known: list[Exchange] = st.session_state.exchanges
    return known


def head() -> None:
    """Whose support this is, and whether it is there."""
    now = connections.now()
    try:
        state = presence(read_reports(connections.results()), SERVICE, now, settings.silent_after_s)
    except Unavailable:
        st.html(chat_header(settings.company, pill("Not reachable", "waiting")))
    else:
        st.html(chat_header(settings.company, pill(state.word, state.tone)))


def beginning() -> None:
    """A greeting, and questions to begin with.

    In one container: the first bubble takes its place, and all of it is gone at once.
    """
    with st.container(key="welcome"):
        st.html(welcome(settings.company, settings.greeting))
        with st.container(key="suggestions", horizontal=True, horizontal_alignment="center"):
            for text in settings.suggestions:
                st.button(text, on_click=take, args=(text,))


def get_acquainted() -> None:
    """Connect to the broker before the first question, which need not wait for it then."""
    if st.session_state.get("acquainted"):
        return
    st.session_state.acquainted = True
    with suppress(Unavailable):  # the first question says so, when it is still away
        connections.sender()


def conversation(looked_every_s: float) -> None:
    """The bubbles; looks often while an answer is expected, and seldom otherwise."""
    try:
        said = read_conversation()
    except Unavailable as error:
        st.html(notice("The conversation cannot be read right now.", f"{error} Trying again."))
        said = st.session_state.get("exchanges", [])
    waiting = waiting_questions()
    if pace_s() != looked_every_s:
        st.rerun()
    if not said and not waiting:
        beginning()
    for name, exchange in told_apart(said):
        draw(exchange, name)
    unanswered(waiting)


def unanswered(waiting: list[WaitingQuestion]) -> None:
    """Questions under way, and what can be done about those that are stuck."""
    now = connections.now()
    for asked in waiting:
        for bubble in waiting_bubbles(asked, now, settings.answer_timeout_s, zone):
            st.html(bubble)
    if any(asked.problem for asked in waiting):
        st.button("Send again", on_click=try_again, icon=":material/refresh:")
    if any(asked.problem or asked.is_late(now, settings.answer_timeout_s) for asked in waiting):
        st.page_link("operations/page.py", label="See Operations", icon=":material/monitor_heart:")


def draw(exchange: Exchange, name: str) -> None:
    """A question and what came of it, one below the other."""
    for bubble in exchange_bubbles(exchange, zone):
        if isinstance(bubble, Sourced):
            draw_sourced(bubble, name)
        else:
            st.html(bubble)


def draw_sourced(bubble: Sourced, name: str) -> None:
    """A bubble whose sources can be folded out."""
    with st.container(key=f"bubble_{bubble.kind}_{name}"):
        st.html(bubble.said)
        with fold(bubble.label, f"sources_{name}"):
            st.html(bubble.sources)
        st.html(bubble.foot)


settings = load(DashboardSettings)
zone = time_zone()
session_id = conversation_in_address()

# Outside the container, where Streamlit keeps it at the bottom of the window.
typed = st.chat_input(
    f"Ask {settings.company} Support", key="question", max_chars=MOST_QUESTION_CHARACTERS
)
if typed:
    take(typed)

with st.container(key="chat"):
    with st.container(key="chat_head", horizontal=True, vertical_alignment="center"):
        st.fragment(head, run_every=settings.refresh_s)()
        st.button(
            "New conversation", on_click=start_anew, icon=":material/edit_square:", type="tertiary"
        )
    pace = pace_s()
    st.fragment(conversation, run_every=pace)(pace)

# Sent after the bubble is drawn, and noted in a list of our own: a rerun that interrupts this
# script must not send the question a second time.
if send_waiting(waiting_questions(), connections.sender):
    st.rerun()
get_acquainted()
