"""Knowledge: what the bot answers from, what it lacks, and what of it is doubtful."""

from __future__ import annotations

import streamlit as st

from dashboards import connections
from dashboards.config import DashboardSettings
from dashboards.markup import heading, nothing, notice
from dashboards.rendering import render
from dashboards.support_qa.knowledge_acting import PassageChange, Trial, delete, save, try_out
from dashboards.support_qa.knowledge_html import (
    disliked_detail,
    disliked_row,
    gap_detail,
    gap_row,
    knowledge_head,
    pair_detail,
    pair_row,
    passage_row,
    title_of,
    trial_answer,
)
from dashboards.support_qa.knowledge_view import (
    MOST_LISTED,
    KnowledgeView,
    found_passages,
    knowledge_view,
)
from dashboards.wording import counted, seconds
from textwire.errors import Unavailable
from textwire.settings import load
from textwire.support_qa.messages import Answer, Passage
from textwire.support_qa.results import read_answer

PASSAGE, ROW, SHOWN = "passage", "row", "knowledge_shown"
NEW = "new"
FIELDS = ("question", "text", "title", "url", "tags", "language")
MORE = (
    ("title", "Title"),
    ("url", "Address on the web"),
    ("tags", "Tags, separated by commas"),
    ("language", "Language, such as en"),
)
SECTIONS = ("Passages", "Not answered", "Thumbs down", "Conflicts and duplicates")


def look() -> KnowledgeView:
    """What there is to show now."""
    return knowledge_view(connections.results, st.session_state.get("knowledge", KnowledgeView()))


def choose(row: str, passage_id: str = "") -> None:
    """Look at something in the list, and edit a passage of it."""
    st.session_state[ROW] = row
    edit(passage_id)


def edit(passage_id: str, question: str = "") -> None:
    """Begin to edit a passage, or to write one that answers a question."""
    st.query_params[PASSAGE] = passage_id
    if not passage_id:
        st.query_params.pop(PASSAGE, None)
    if passage_id == NEW:
        for name in FIELDS:
            st.session_state[field_key(name, NEW)] = question[:500] if name == "question" else ""


def field_key(name: str, passage_id: str) -> str:
    """Where what was typed stands."""
    return f"edit_{name}_{passage_id}"


def rows() -> None:
    """The list that was chosen."""
    match section:
        case "Not answered":
            for gap in view.gaps[:MOST_LISTED]:
                row(gap.id, gap_row(gap, gap.id == chosen_row), gap.asked[0].question)
        case "Thumbs down":
            for one in view.disliked[:MOST_LISTED]:
                shown = disliked_row(one, view.passages, one.passage_id == chosen_row)
                row(one.passage_id, shown, one.passage_id, one.passage_id)
        case "Conflicts and duplicates":
            for pair in view.pairs[:MOST_LISTED]:
                name = f"{pair.newer} {pair.older}"
                row(name, pair_row(pair, view.passages, name == chosen_row), name, pair.newer)
        case _:
            passages()


def passages() -> None:
    """Passages that hold the words that were typed."""
    words = st.text_input(
        "Search", key="knowledge_words", placeholder="Search passages", max_chars=200,
        label_visibility="collapsed", icon=":material/search:",
    )  # fmt: skip
    found = found_passages(view.passages, words or "")
    for passage in found[:MOST_LISTED]:
        row(passage.id, passage_row(passage, passage.id == editing), title_of(passage), passage.id)
    if len(found) > MOST_LISTED:
        st.html(nothing(f"{counted(len(found) - MOST_LISTED, 'more passage')}: search for words."))


def row(name: str, html: str, label: str, passage_id: str = "") -> None:
    """One of the list; all of it can be clicked."""
    with st.container(key=f"queue_{name}"):
        st.html(html)
        st.button(f"Open: {label}", key=f"pick_{name}", on_click=choose, args=(name, passage_id))


def detail() -> None:
    """What is told of the one that was chosen, and what can be done about it."""
    match section:
        case "Not answered":
            gap = next((gap for gap in view.gaps if gap.id == chosen_row), None)
            if gap is None:
                return
            st.html(gap_detail(gap, view.passages))
            with st.container(key="gap_actions", horizontal=True, gap="small"):
                st.button("Write the answer", key="write_answer", type="primary", on_click=edit,
                    args=(NEW, gap.asked[0].question), icon=":material/add:")  # fmt: skip
                if gap.gap.nearest in view.passages:
                    st.button("Edit the nearest", key="edit_nearest", on_click=edit,
                        args=(gap.gap.nearest,), icon=":material/edit:")  # fmt: skip
        case "Thumbs down":
            one = next((one for one in view.disliked if one.passage_id == chosen_row), None)
            if one:
                st.html(disliked_detail(one))
        case "Conflicts and duplicates":
            pairs = {f"{pair.newer} {pair.older}": pair for pair in view.pairs}
            if pair := pairs.get(chosen_row):
                st.html(pair_detail(pair, view.passages))
                with st.container(key="pair_actions", horizontal=True, gap="small"):
                    st.button("Edit the first", key="edit_newer", on_click=edit, args=(pair.newer,))
                    st.button("Edit the second", key="edit_older", on_click=edit,
                        args=(pair.older,))  # fmt: skip


def editor(passage: Passage | None) -> None:
    """Fields of a passage: one that there is, or a new one."""
    id_ = passage.id if passage else NEW
    st.html(heading("Edit the passage" if passage else "A new passage", id_ if passage else ""))
    st.text_input(
        "The question that it answers", _of(passage, "question"), max_chars=500,
        key=field_key("question", id_),
    )  # fmt: skip
    st.text_area(
        "The answer", _of(passage, "text"), max_chars=50_000, height=180,
        key=field_key("text", id_),
    )  # fmt: skip
    with st.expander("Title, address, tags, language", type="compact", key=f"more_{id_}"):
        for name, label in MORE:
            st.text_input(label, _of(passage, name), key=field_key(name, id_))
    with st.container(key="editor_actions", horizontal=True, gap="small"):
        st.button("Save", key="save", type="primary", icon=":material/check:", on_click=save_it,
            args=(passage,))  # fmt: skip
        if passage:
            with st.popover("Delete", icon=":material/delete:", key=f"delete_{id_}"):
                st.write("The bot answers with it no more.")
                st.button("Delete it", key="delete_it", type="primary", on_click=delete_it,
                    args=(id_,))  # fmt: skip


def _of(passage: Passage | None, name: str) -> str:
    """A field of a passage; of a new one it stands in the page's state."""
    if passage is None:
        return ""
    return ", ".join(passage.tags) if name == "tags" else getattr(passage, name) or ""


def save_it(before: Passage | None) -> None:
    """Send what was typed."""
    id_ = before.id if before else NEW
    typed = {name: st.session_state.get(field_key(name, id_)) or "" for name in FIELDS}
    change = save(before, typed, connections.now(), connections.sender)
    st.session_state.change = change
    if not change.problem:
        edit(change.passage_id)


def delete_it(passage_id: str) -> None:
    """Delete a passage."""
    st.session_state.change = delete(passage_id, connections.now(), connections.sender)
    if not st.session_state.change.problem:
        edit("")


def state_of_change(change: PassageChange | None) -> str:
    """What became of the last change: nothing, or in words."""
    if change is None:
        return ""
    if change.problem:
        return notice("It could not be saved.", change.problem, "bad")
    if change.is_done(view.passages):
        told = GONE if change.passage is None else KNOWN
        return render("support_qa/judged.html", text=told)
    if change.is_late(connections.now(), settings.answer_timeout_s):
        late = f"Not taken up within {seconds(settings.answer_timeout_s)}."
        return notice(late, "Is the service up? See Operations.")
    return render("support_qa/judged.html", text="On its way to the bot…")


def trying() -> None:
    """A question to the bot, and what it answers now."""
    st.html(heading("Try it", "asked of the bot; nobody is called, nothing is counted"))
    st.text_input(
        "A question", key="trial_text", placeholder="Ask as a customer would", max_chars=2_000,
        label_visibility="collapsed", on_change=try_it, icon=":material/play_arrow:",
    )  # fmt: skip
    trial: Trial | None = st.session_state.get("trial")
    if trial is None:
        return
    if trial.problem:
        st.html(notice("It could not be asked.", trial.problem, "bad"))
    elif answer:
        st.html(trial_answer(answer))
    elif trial.is_late(connections.now(), settings.answer_timeout_s):
        late = f"No answer within {seconds(settings.answer_timeout_s)}."
        st.html(notice(late, "Is the service up? See Operations."))
    else:
        st.html(render("support_qa/thinking.html"))


def try_it() -> None:
    """Ask the bot what was typed."""
    if text := st.session_state.trial_text.strip():
        st.session_state.trial = try_out(text, connections.now(), connections.sender)


def answer_now() -> Answer | None:
    """What the bot said to the question that was tried, once it has."""
    trial: Trial | None = st.session_state.get("trial")
    if trial is None or trial.problem:
        return None
    try:
        return read_answer(
            connections.results(), trial.question.session_id, trial.question.id or ""
        )
    except Unavailable:
        return None


def pending() -> tuple[bool, ...]:
    """What changes with time alone: whether the change and the trial are late."""
    sent = (st.session_state.get("change"), st.session_state.get("trial"))
    return tuple(
        one is not None and one.is_late(connections.now(), settings.answer_timeout_s)
        for one in sent
    )


def watch(shown: tuple[object, ...]) -> None:
    """Draw the page anew as soon as there is something else to show; it draws nothing itself."""
    if (look(), answer_now(), pending()) != shown:
        st.rerun()


NOTHING_HERE = {
    "Passages": "No passage holds these words.",
    "Not answered": "Everything that was asked in the last month was answered, or would be now.",
    "Thumbs down": "No answer got a thumb down.",
    "Conflicts and duplicates": "No two passages contradict each other or answer the same.",
}
CHOOSE = "Choose one on the left, or write a new passage."
KNOWN, GONE = "The bot knows it now.", "The bot has forgotten it."

settings = load(DashboardSettings)
view, answer = look(), answer_now()
st.session_state.knowledge = view
editing = st.query_params.get(PASSAGE, "")
chosen_row = st.session_state.get(ROW, "")

with st.container(key="knowledge"):
    with st.container(key="desk_top", horizontal=True, vertical_alignment="bottom"):
        st.html(knowledge_head(view))
        st.button(
            "New passage", key="new_passage", icon=":material/add:", on_click=edit, args=(NEW,)
        )
    if view.trouble:
        st.html(notice("The knowledge cannot be read right now.", f"{view.trouble} Trying again."))
    counts = (len(view.passages), len(view.gaps), len(view.disliked), len(view.pairs))
    amounts = dict(zip(SECTIONS, counts, strict=True))
    section = st.segmented_control(
        "What to look at", SECTIONS, key=SHOWN, default=SECTIONS[0], label_visibility="collapsed",
        format_func=lambda name: f"{name} · {amounts[name]:,}", required=True,
    )  # fmt: skip
    left, right = st.columns([9, 14], gap="medium")
    with left, st.container(key="queue_card", gap=None):
        rows()
        if not (found_passages(view.passages, st.session_state.get("knowledge_words") or "")
                if section == SECTIONS[0] else amounts[section]):  # fmt: skip
            st.html(nothing(NOTHING_HERE[section]))
    with right:
        with st.container(key="desk_conversation"):
            detail()
            if editing == NEW or editing in view.passages:
                editor(view.passages.get(editing))
            elif not chosen_row:
                st.html(nothing(CHOOSE))
            if told := state_of_change(st.session_state.get("change")):
                st.html(told)
        with st.container(key="trying"):
            trying()
waits = st.session_state.get("trial") and answer is None
st.fragment(watch, run_every=settings.poll_s if waits else settings.refresh_s)(
    (view, answer, pending())
)
