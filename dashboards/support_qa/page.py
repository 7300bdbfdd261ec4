"""Support chat: ask, and see the answer with its sources, or who takes over."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from dashboards import connections
from dashboards.browser import time_zone
from dashboards.config import DashboardSettings
from dashboards.folding import fold
from dashboards.markup import notice
from dashboards.rendering import render
from dashboards.support_qa.address import begin_conversation, conversation_in_address
from dashboards.support_qa.asking import forgiven, send_waiting
from dashboards.support_qa.chat_html import (
    Reply,
    chat_header,
    customer_bubble,
    reply,
    reply_to_come,
    welcome,
)
from dashboards.support_qa.chat_view import ChatView, Unanswered, chat_view
from dashboards.support_qa.conversation import Exchange, WaitingQuestion, ask, told_apart
from dashboards.support_qa.judging import Judgement, send_judgement
from textwire.errors import Unavailable
from textwire.settings import load
from textwire.support_qa.messages import MOST_QUESTION_CHARACTERS, FeedbackKind


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
    st.session_state.said = ()


def try_again() -> None:
    """Send what could not be sent."""
    st.session_state.waiting = forgiven(waiting_questions())


def look() -> ChatView:
    """What there is to show now."""
    return chat_view(
        connections.results,
        session_id,
        waiting_questions(),
        st.session_state.get("said", ()),
        connections.now(),
        settings,
    )


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


def conversation(view: ChatView) -> None:
    """The bubbles: what was said, and below it what waits for an answer."""
    if view.trouble:
        title = "The conversation cannot be read right now."
        st.html(notice(title, f"{view.trouble} Trying again."))
    if not view.said and not view.waiting:
        beginning()
    newest = len(view.said) - 1 if not view.waiting else None
    for place, (name, exchange) in enumerate(told_apart(view.said)):
        draw(exchange, name, asks=place == newest)
    unanswered(view.waiting)


def unanswered(waiting: Sequence[Unanswered]) -> None:
    """Questions under way, and what can be done about those that are stuck."""
    for one in waiting:
        st.html(customer_bubble(one.asked.question.text, one.asked.asked_at, zone))
        to_come = reply_to_come(one.asked, one.late, settings.answer_timeout_s, one.so_far)
        draw_reply(to_come, one.asked.question_id)
    if any(one.asked.problem for one in waiting):
        st.button("Send again", on_click=try_again, icon=":material/refresh:")
    if not all(one.expected for one in waiting):
        st.page_link("operations/page.py", label="See Operations", icon=":material/monitor_heart:")


def watch(shown: ChatView) -> None:
    """Draw the page anew as soon as there is something else to show.

    The only part that runs by itself, and it draws nothing. When Streamlit begins a part again it
    drops what that part drew before and was not sent yet, but tells the browser all the same that
    the page is complete, and the browser takes away what it did not get: a conversation drawn here
    would vanish for a moment now and then.
    """
    if look() != shown:
        st.rerun()


def draw(exchange: Exchange, name: str, *, asks: bool) -> None:
    """A question and what came of it, one below the other.

    Args: asks: whether the choices of a question back can still be made.
    """
    asked, came = exchange.asked, reply(exchange, zone)
    if asked and asked.text:  # of what was refused, there may be no words
        st.html(customer_bubble(asked.text, asked.at, zone))
    if came:
        draw_reply(came, name, exchange.question_id)
        if asks and came.choices:
            draw_choices(came.choices, name)


def draw_choices(choices: Sequence[str], name: str) -> None:
    """Questions, one of which may be what was meant."""
    with st.container(key=f"choices_{name}"):
        for number, text in enumerate(choices):
            st.button(text, key=f"choice_{name}_{number}", on_click=take, args=(text,))


def draw_reply(came: Reply, name: str, question_id: str = "") -> None:
    """A bubble, whose sources can be folded out.

    A container always, also while there is only something to wait for: one container that takes
    the place of another keeps what is in it until the new parts come, and is never empty.
    """
    with st.container(key=f"bubble_{came.kind}_{name}"):
        st.html(came.said)
        if came.sources:
            with fold(came.label, f"sources_{name}"):
                st.html(came.sources)
        if came.judgeable:
            draw_judging(question_id, name)
        if came.foot:
            st.html(came.foot)


def draw_judging(question_id: str, name: str) -> None:
    """Thumbs, and after one that points down, room to say what is right."""
    judged = judgements().get(question_id)
    with st.container(key=f"judge_{name}", horizontal=True, vertical_alignment="center", gap=None):
        for kind, label, icon in THUMBS:
            st.button(
                label, key=f"{kind}_{name}", icon=icon, on_click=judge, args=(question_id, kind),
                type="tertiary", disabled=judged is not None and judged.kind == kind, help=label,
            )  # fmt: skip
        if judged:
            st.html(render("support_qa/judged.html", text=judged.words))
    if judged and judged.kind == "unhelpful":
        st.text_input(
            "What would have been right?", key=f"right_{name}", max_chars=2_000,
            placeholder="What would have been right? (if you know)",
            label_visibility="collapsed", on_change=correct, args=(question_id, name),
        )  # fmt: skip


def judgements() -> dict[str, Judgement]:
    """What was thought of answers in this tab, by question."""
    judged: dict[str, Judgement] = st.session_state.setdefault("judged", {})
    return judged


def judge(question_id: str, kind: FeedbackKind, text: str | None = None) -> None:
    """Send what a customer thinks of an answer."""
    judgements()[question_id] = send_judgement(
        session_id, question_id, kind, connections.now(), connections.sender, text
    )


def correct(question_id: str, name: str) -> None:
    """Send what would have been right."""
    if text := (st.session_state.get(f"right_{name}") or "").strip():
        judge(question_id, "corrected", text)


THUMBS: tuple[tuple[FeedbackKind, str, str], ...] = (
    ("helpful", "Helpful", ":material/thumb_up:"),
    ("unhelpful", "Not helpful", ":material/thumb_down:"),
)

NOT_OPEN = "This conversation does not open here."
OF_ANOTHER = (
    "The address of a conversation opens it in the browser that it was begun in, and in no other. "
    "Go back there to read on, or begin a new one here."
)

settings = load(DashboardSettings)
zone = time_zone()
opened = conversation_in_address()
if opened is None:
    with st.container(key="chat"):
        st.html(notice(NOT_OPEN, OF_ANOTHER, "bad"))
        st.button("New conversation", on_click=start_anew, icon=":material/edit_square:")
    st.stop()
session_id = opened

# Outside the container, where Streamlit keeps it at the bottom of the window.
typed = st.chat_input(
    f"Ask {settings.company} Support", key="question", max_chars=MOST_QUESTION_CHARACTERS
)
if typed:
    take(typed)

view = look()
st.session_state.said = view.said
st.session_state.waiting = [one.asked for one in view.waiting]

with st.container(key="chat"):
    with st.container(key="chat_head", horizontal=True, vertical_alignment="center"):
        st.html(chat_header(settings.company, view.presence))
        st.button(
            "New conversation", on_click=start_anew, icon=":material/edit_square:", type="tertiary"
        )
    conversation(view)

# Sent after the bubble is drawn, and noted in a list of our own: a rerun that interrupts this
# script must not send the question a second time.
if send_waiting(waiting_questions(), connections.sender):
    st.rerun()
get_acquainted()
st.fragment(watch, run_every=settings.poll_s if view.expects_answer else settings.refresh_s)(view)
