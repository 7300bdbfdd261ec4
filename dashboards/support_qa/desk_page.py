"""Agent desk: conversations that wait for a person, and all that it takes to help."""

from __future__ import annotations

from uuid import uuid4

import streamlit as st

from dashboards import connections
from dashboards.browser import time_zone
from dashboards.config import DashboardSettings
from dashboards.folding import fold
from dashboards.markup import heading, nothing, notice
from dashboards.signing_in.current import signed_in_name
from dashboards.support_qa.chat_html import customer_bubble, reply
from dashboards.support_qa.conversation import Exchange, told_apart
from dashboards.support_qa.desk_acting import (
    SentReply,
    send_passage,
    send_reply,
    still_under_way,
)
from dashboards.support_qa.desk_html import (
    conversation_head,
    desk_head,
    queue_row,
    sending,
    suggestion,
)
from dashboards.support_qa.desk_view import Conversation, DeskView, desk_view
from dashboards.support_qa.judging import send_judgement
from dashboards.wording import seconds
from textwire.settings import load

CHOSEN, NAME = "conversation", "agent"
REPLY_CHARACTERS = 8_000
PASSAGE_CHARACTERS = 20_000
# Of the conversation, so that what one answers with stays in sight below it.
SAID_HEIGHT = 460


def look() -> DeskView:
    """What there is to show now."""
    before = st.session_state.get("desk", DeskView())
    return desk_view(connections.results, chosen_session(), before, connections.now())


def chosen_session() -> str | None:
    """The conversation that the address names."""
    return st.query_params.get(CHOSEN) or None


def me() -> str:
    """Who acts here: who has signed in, or else the name that was given."""
    return signed_in_name() or (st.session_state.get(NAME) or "").strip() or settings.agent


def choose(session_id: str) -> None:
    """Look at a conversation."""
    st.query_params[CHOSEN] = session_id
    st.session_state.sent_replies = []


def head(view: DeskView) -> None:
    """How many wait, and who works here."""
    with st.container(key="desk_top", horizontal=True, vertical_alignment="bottom"):
        st.html(desk_head(view))
        if not signed_in_name():
            st.text_input(
                "Your name, as customers see it", key=NAME, max_chars=60, width=230,
                on_change=name_to_address,
            )  # fmt: skip
    if view.trouble:
        st.html(notice("The desk cannot be read right now.", f"{view.trouble} Trying again."))


def name_to_address() -> None:
    """Keep the name for a reload."""
    st.query_params[NAME] = me()


def queue(view: DeskView) -> None:
    """Conversations: lives in danger, then who has waited longest."""
    with st.container(key="queue_card", gap=None):
        for place, row in enumerate(view.listed):
            with st.container(key=f"queue_{place}"):
                st.html(queue_row(row, me(), row.session_id == chosen_session()))
                st.button(
                    f"Open: {row.subject}", key=f"pick_{row.session_id}", on_click=choose,
                    args=(row.session_id,),
                )  # fmt: skip
        if not view.listed:
            st.html(nothing(NOBODY))


def conversation(chosen: Conversation) -> None:
    """What was said, and what can be done about it."""
    under_way = still_under_way(st.session_state.get("sent_replies", ()), chosen)
    st.session_state.sent_replies = under_way
    handoff = chosen.handoff
    with st.container(key="desk_conversation"):
        st.html(conversation_head(handoff, me()))
        actions(chosen, waits=any(not one.problem for one in under_way))
        with st.container(key="desk_said", height=SAID_HEIGHT, border=False, autoscroll=True):
            for name, exchange in told_apart(chosen.said):
                said(exchange, f"{handoff.session_id}_{name}", chosen)
            for one in under_way:
                tell(one)
        if handoff.state != "closed" and handoff.agent in (None, me()):
            answering(chosen)


def actions(chosen: Conversation, *, waits: bool) -> None:
    """What its state allows."""
    handoff = chosen.handoff
    mine = handoff.state == "taken" and handoff.agent == me()
    with st.container(key="desk_actions", horizontal=True, gap="small"):
        if handoff.state == "open":
            st.button(
                "Take", key="take", type="primary", on_click=take, args=(chosen,), disabled=waits
            )
        if handoff.state == "taken" and not mine:
            st.button(
                f"Take over from {handoff.agent}", key="take_over", on_click=take,
                args=(chosen, handoff.agent), disabled=waits,
            )  # fmt: skip
        if handoff.state == "open" or mine:
            st.button("Hand back to the bot", key="hand_back", on_click=end,
                args=(chosen, True), disabled=waits, icon=":material/smart_toy:")  # fmt: skip
            st.button("Close", key="close", on_click=end, args=(chosen, False), disabled=waits,
                icon=":material/check:")  # fmt: skip


def said(exchange: Exchange, name: str, chosen: Conversation) -> None:
    """A message and what came of it; what was answered can be corrected, or kept as knowledge."""
    asked, came = exchange.asked, reply(exchange, zone)
    if asked and asked.text:
        st.html(customer_bubble(asked.text, asked.at, zone))
    if came is None:
        return
    with st.container(key=f"bubble_{came.kind}_{name}"):
        st.html(came.said)
        if came.sources:
            with fold(came.label, f"desk_sources_{name}"):
                st.html(came.sources)
        if came.judgeable and exchange.asked:
            teach("Correct", name, exchange.asked.text, "", question_id=exchange.question_id)
        if came.kind == "agent" and exchange.said:
            wanted = chosen.handoff.summary or ""
            teach("Add to knowledge", name, wanted, exchange.said.text)
        if came.foot:
            st.html(came.foot)


def teach(label: str, name: str, question: str, text: str, question_id: str = "") -> None:
    """A passage that the bot will answer with from now on, from what a colleague knows.

    Args: question_id: of the answer that it corrects.
    """
    if name in st.session_state.setdefault("taught", {}):
        st.html(nothing(st.session_state.taught[name]))
        return
    with st.popover(label, type="tertiary", key=f"teach_{name}"):
        asked = st.text_input("The question", question[:500], max_chars=500, key=f"question_{name}")
        right = st.text_area(
            "What is right", text, max_chars=PASSAGE_CHARACTERS, key=f"answer_{name}", height=140
        )
        st.button(
            "Let the bot know it", key=f"learn_{name}", type="primary", on_click=learn,
            args=(name, question_id), disabled=not (asked.strip() and right.strip()),
        )  # fmt: skip


def learn(name: str, question_id: str) -> None:
    """Send a passage, and that it is what would have been right."""
    asked, right = st.session_state[f"question_{name}"], st.session_state[f"answer_{name}"]
    passage_id = f"desk-{uuid4().hex[:12]}"
    problem = send_passage(passage_id, asked.strip(), right.strip(), connections.sender)
    session = chosen_session()
    if question_id and session and not problem:
        problem = send_judgement(
            session, question_id, "corrected", connections.now(), connections.sender,
            right.strip()[:REPLY_CHARACTERS], passage_id, me(),
        ).problem  # fmt: skip
    st.session_state.taught[name] = problem or TAUGHT


def tell(one: SentReply) -> None:
    """A reply under way, or what became of it."""
    if one.problem:
        st.html(notice("It could not be sent.", one.problem, "bad"))
    elif one.is_late(connections.now(), settings.answer_timeout_s):
        st.html(notice(f"Not taken up within {seconds(settings.answer_timeout_s)}.", NOT_TAKEN_UP))
    else:
        st.html(sending(one.words))


def answering(chosen: Conversation) -> None:
    """Passages to answer with, and room to write."""
    if chosen.suggestions:
        st.html(heading("Suggested", "what the bot found"))
        with st.container(key="suggestions_card"):
            for place, source in enumerate(chosen.suggestions[:3]):
                with st.container(key=f"suggestion_{place}"):
                    st.html(suggestion(source))
                    st.button(
                        "Use", key=f"use_{place}", on_click=use, args=(chosen, source.text),
                        type="tertiary", icon=":material/edit:",
                    )  # fmt: skip
    st.text_area(
        "Reply", key=draft_key(chosen), max_chars=REPLY_CHARACTERS, height=120,
        placeholder=f"Write to the customer as {me()}", label_visibility="collapsed",
    )  # fmt: skip
    with st.container(key="desk_send", horizontal=True, gap="small"):
        st.button("Send", key="send", type="primary", on_click=write, args=(chosen,),
            icon=":material/send:")  # fmt: skip
        st.button("Send and close", key="send_close", on_click=write, args=(chosen, True))


def draft_key(chosen: Conversation) -> str:
    """Where a conversation's unsent words stand."""
    return f"draft_{chosen.handoff.session_id}"


def use(chosen: Conversation, text: str) -> None:
    """Begin with what a passage says."""
    st.session_state[draft_key(chosen)] = text[:REPLY_CHARACTERS]


def write(chosen: Conversation, closes: bool = False) -> None:
    """Send what was written; what could not be sent stays to be sent again."""
    text = (st.session_state.get(draft_key(chosen)) or "").strip()
    if text and not act(chosen, text, closes=closes).problem:
        st.session_state[draft_key(chosen)] = ""


def take(chosen: Conversation, takes_from: str | None = None) -> None:
    """Have it, or have it from another."""
    act(chosen, takes_from=takes_from)


def end(chosen: Conversation, hands_back: bool) -> None:
    """Close it, or let the bot go on."""
    act(chosen, closes=not hands_back, hands_back=hands_back)


def act(
    chosen: Conversation,
    text: str | None = None,
    takes_from: str | None = None,
    *,
    closes: bool = False,
    hands_back: bool = False,
) -> SentReply:
    """Send what was decided on."""
    sent = send_reply(
        chosen.handoff, me(), connections.now(), connections.sender, text,
        closes=closes, hands_back=hands_back, takes_from=takes_from,
    )  # fmt: skip
    st.session_state.sent_replies = [*st.session_state.get("sent_replies", ()), sent]
    return sent


def lateness() -> list[bool]:
    """Of each reply under way, whether its effect should be seen by now."""
    sent: list[SentReply] = st.session_state.get("sent_replies", [])
    return [one.is_late(connections.now(), settings.answer_timeout_s) for one in sent]


def watch(shown: DeskView, late: list[bool]) -> None:
    """Draw the page anew as soon as there is something else to show; it draws nothing itself."""
    if look() != shown or lateness() != late:
        st.rerun()


NOBODY = "Nobody waits. Conversations that the bot passes on show here at once."
CHOOSE = "Choose a conversation: who has waited longest is first."
GONE = "This conversation is not kept any more."
NOT_TAKEN_UP = (
    "Is the service up? See Operations. Somebody else may have been first; whether it was refused: "
    "textwire dead list support.replies."
)
TAUGHT = "The bot knows it from now on."

settings = load(DashboardSettings)
zone = time_zone()
if NAME not in st.session_state:
    st.session_state[NAME] = st.query_params.get(NAME) or settings.agent

view = look()
st.session_state.desk = view
with st.container(key="desk"):
    head(view)
    left, right = st.columns([9, 16], gap="medium")
    with left:
        queue(view)
    with right:
        if view.chosen:
            conversation(view.chosen)
        else:
            st.html(nothing(GONE if chosen_session() else CHOOSE))
st.fragment(watch, run_every=settings.refresh_s)(view, lateness())
