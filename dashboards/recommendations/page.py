"""Recommendations: what a shopper did, what they seem to like, and what they are offered."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from dashboards import connections
from dashboards.browser import time_zone
from dashboards.config import DashboardSettings
from dashboards.folding import fold
from dashboards.live import live_part
from dashboards.markup import heading, nothing, notice
from dashboards.recommendations.item_cards import (
    best_score,
    match_of,
    offer_card,
    parts_list,
    telling_parts,
)
from dashboards.recommendations.profile_html import action_list, actions, taste_card, unknown_card
from dashboards.recommendations.shopper import (
    PICKED,
    become_new,
    choices,
    own_id,
    remember,
    shopper_in_address,
    shopper_name,
)
from dashboards.recommendations.shopping import (
    ListRequest,
    ask_for_list,
    ask_to_be_forgotten,
    done,
    list_to_show,
    moves,
)
from dashboards.rendering import render
from dashboards.service_status import presence
from dashboards.wording import counted, day_time, seconds
from textwire.errors import Unavailable
from textwire.observing.reports import read_reports
from textwire.recommendations.messages import BehaviourEvent, EventKind, ScoredItem, ScoredList
from textwire.recommendations.results import (
    read_active_users,
    read_items,
    read_profiles,
    read_refusal,
    read_scores,
    read_user_history,
)
from textwire.settings import load

SERVICE = "recommendations"
# As messages.OwnWords has it, and some: a search is short.
MOST_CHARACTERS = 500
IN_A_ROW = 2


def head() -> None:
    """The page's title, and whether anybody makes lists."""
    store, now = connections.results(), connections.now()
    state = presence(read_reports(store), SERVICE, now, settings.silent_after_s)
    st.html(render("recommendations/head.html", presence=state.pill))


def controls() -> None:
    """Who is shown, and what they search for."""
    with st.container(key="shopper_controls", horizontal=True, vertical_alignment="bottom"):
        st.session_state[PICKED] = user_id
        st.selectbox(
            "Shopper", choices(active, user_id), key=PICKED, on_change=pick,
            format_func=partial(shopper_name, me=own_id()),
        )  # fmt: skip
        st.text_input(
            "What are they after just now?", key="after", on_change=search, type="search",
            placeholder="a search, such as: something for a rainy weekend",
            max_chars=MOST_CHARACTERS,
        )  # fmt: skip
        st.button("New shopper", on_click=start_anew, icon=":material/person_add:")
        mine = user_id == own_id()
        st.button(
            "Forget me" if mine else "Forget them", on_click=forget, icon=":material/delete:",
            help="Erases all that is known of this shopper. It cannot be taken back.",
        )  # fmt: skip
    if problem := st.session_state.pop("problem", ""):
        st.html(notice("It could not be sent.", problem, "bad"))


def known() -> None:
    """What is known of the shopper."""
    store = connections.results()
    profile = read_profiles(store, [user_id]).get(user_id)
    events = read_user_history(store, user_id)
    st.html(heading("Seems to like", counted(profile.events, "event") if profile else ""))
    if profile is None:
        st.html(unknown_card(NOTHING_KNOWN))
    else:
        st.html(taste_card(profile, settings.currency))
    st.html(heading("Did", "the newest first"))
    last = actions(events, settings.recent_deeds)
    items = read_items(store, list({item_id for deed in last for item_id in deed.item_ids}))
    st.html(action_list(last, items, zone) if last else unknown_card(NOTHING_DONE))


def offers() -> None:
    """The list, which changes in place."""
    scored = newest_list()
    request = requested()
    st.html(heading("Offers", offers_note(scored)))
    said = what_became_of(request, scored) if request else ""
    if said:
        st.html(said)
    if scored is None:
        if not said:
            st.html(nothing(LIST_COMES))
        return
    if not scored.scores:
        st.html(notice("There is nothing to offer.", NO_CATALOGUE, "brand"))
        return
    show_list(scored)


def what_became_of(request: ListRequest, scored: ScoredList | None) -> str:
    """Why the list that was asked for is not the one that is shown; nothing while it may come."""
    if request.problem:
        return notice("The list could not be asked for.", request.problem, "bad")
    if refusal := request.refusal(read_refusal(connections.results(), user_id)):
        return notice("The list could not be made.", refusal, "bad")
    if not request.is_granted(scored) and request.is_late(
        connections.now(), settings.answer_timeout_s
    ):
        late = f"No list came within {seconds(settings.answer_timeout_s)}."
        return notice(late, NO_LIST_CAME, "waiting")
    return ""


def show_list(scored: ScoredList) -> None:
    """Each item with what can be done with it."""
    items = read_items(connections.results(), [one.item_id for one in scored.scores])
    rose = moves(st.session_state.get("list_before"), scored)
    telling, best = telling_parts(scored.scores), best_score(scored.scores)
    for begin in range(0, len(scored.scores), IN_A_ROW):
        columns = st.columns(IN_A_ROW)
        for column, one in zip(columns, scored.scores[begin : begin + IN_A_ROW], strict=False):
            with column, st.container(key=f"offer_{one.rank}"):
                item = items.get(one.item_id)
                match = match_of(one, best, scored.mode)
                st.html(offer_card(one, match, item, rose[one.item_id], settings.currency))
                what_was_seen(one, telling)
                what_to_do(one)


def what_was_seen(one: ScoredItem, telling: Mapping[str, float]) -> None:
    """Why the item has its rank, folded away."""
    if parts := parts_list(one, telling):
        with fold("What the ranker saw", f"parts_{one.item_id}"):
            st.html(parts)


def what_to_do(one: ScoredItem) -> None:
    """What a shopper can do with an item."""
    with st.container(key=f"deeds_{one.item_id}", horizontal=True, gap="small"):
        for label, kind in DEEDS.items():
            st.button(label, key=f"{kind}_{one.item_id}", on_click=do, args=(kind, one.item_id))
        with st.popover("Comment", key=f"writing_{one.item_id}", on_change="rerun"):
            st.text_area(
                "What do you think of it?", key=f"said_{one.item_id}", max_chars=MOST_CHARACTERS,
                persist_state="session",
            )  # fmt: skip
            st.button(
                "Send", key=f"comment_{one.item_id}", on_click=comment, args=(one.item_id,),
                type="primary",
            )  # fmt: skip


def newest_list() -> ScoredList | None:
    """The list to show; the one before it is kept, so that moves can be seen."""
    stored = read_scores(connections.results(), user_id)
    held: ScoredList | None = st.session_state.get("list_now")
    if held is not None and held.user_id != user_id:
        held = None
    shown = list_to_show(stored, held, requested(), writing=is_writing(held))
    if shown != held:
        st.session_state.list_before, st.session_state.list_now = held, shown
    return shown


def is_writing(held: ScoredList | None) -> bool:
    """Whether the shopper has a field for words open."""
    return held is not None and any(
        st.session_state.get(f"writing_{one.item_id}") for one in held.scores
    )


def newer_waits(scored: ScoredList) -> bool:
    """Whether a newer list waits until what is being written is sent or left."""
    return is_writing(scored) and read_scores(connections.results(), user_id) != scored


def requested() -> ListRequest | None:
    """The list that was last asked for on behalf of this shopper."""
    request: ListRequest | None = st.session_state.get("request")
    return request if request and request.user_id == user_id else None


def offers_note(scored: ScoredList | None) -> str:
    """When the list was made, why, and by what."""
    if scored is None:
        return ""
    why = "asked for" if scored.trigger == "request" else "sent since events changed it"
    request = requested()
    if request and request.context and scored.request_id == request.request_id:
        why = f"for “{request.context}”"
    note = f"{why} · {day_time(scored.scored_at, zone)} · {scored.model}{arm_words(scored)}"
    return f"{note} · {NEWER_WAITS}" if newer_waits(scored) else note


def arm_words(scored: ScoredList) -> str:
    """Of which experiment a list is, and whose."""
    if scored.arm is None or scored.experiment is None:
        return ""
    whose = "both picked" if scored.arm == "interleaved" else f"arm {scored.arm}"
    return f" · {scored.experiment}, {whose}"


def pick() -> None:
    """Show another shopper."""
    remember(st.session_state[PICKED])
    st.session_state.after = ""


def start_anew() -> None:
    """Be somebody of whom nothing is known."""
    become_new()
    st.session_state.after = ""


def search() -> None:
    """Ask for a list for what was typed."""
    send_request()


def do(kind: EventKind, item_id: str, text: str = "") -> None:
    """Tell of a deed, and ask for the list that follows."""
    send_request(done(user_id, kind, connections.now(), item_id, text))


def comment(item_id: str) -> None:
    """Send what was written, empty the field and close it."""
    said = st.session_state.get(f"said_{item_id}", "").strip()
    if said:
        do("comment", item_id, said)
        st.session_state[f"said_{item_id}"] = ""
        st.session_state[f"writing_{item_id}"] = False


def send_request(*events: BehaviourEvent) -> None:
    """Send events and ask for a list, with what is searched for."""
    context = st.session_state.get("after", "").strip()
    st.session_state.request = ask_for_list(
        user_id, settings.recommended_items, connections.now(), connections.sender, context, events
    )


def forget() -> None:
    """Erase the shopper, and go on as a new one."""
    problem = ask_to_be_forgotten(user_id, connections.now(), connections.sender)
    st.session_state.problem = problem
    if not problem:
        start_anew()


def ask_once() -> None:
    """A shopper who was given no list yet is given one."""
    if requested() is not None:
        return
    try:
        missing = read_scores(connections.results(), user_id) is None
    except Unavailable:
        return
    if missing:
        send_request()


def read_active() -> list[str]:
    """Who was active last; nobody while Redis is away."""
    try:
        return read_active_users(connections.results())
    except Unavailable:
        return []


DEEDS: dict[str, EventKind] = {"Look": "click", "Add to cart": "add_to_cart", "Buy": "purchase"}
NOTHING_KNOWN = (
    "Nothing is known of this shopper yet. Look at something, put it in the cart or say what you "
    "think of it: the offers change at once."
)
NOTHING_DONE = "Nothing yet."
NEWER_WAITS = "a newer one waits until the comment is sent or closed"
LIST_COMES = "A list is being made…"
NO_LIST_CAME = (
    "Is the service up? See Operations, or start it: python -m services.recommendations. "
    "The list shows here as soon as it comes."
)
NO_CATALOGUE = (
    "The catalogue is empty, or all of it was bought. Load items: "
    "textwire recs load samples/recommendations/items.jsonl."
)

settings = load(DashboardSettings)
zone = time_zone()
active = read_active()
user_id = shopper_in_address(active)

with st.container(key="recommendations"):
    live_part(head, settings.refresh_s, speaks=True)
    controls()
    ask_once()
    left, right = st.columns([9, 15], gap="medium")
    with left:
        live_part(known, settings.refresh_s)
    with right:
        live_part(offers, settings.refresh_s)
