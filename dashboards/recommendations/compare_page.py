"""Compare lists: two shoppers, models or settings, what would be if, why not, and experiments."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboards import connections
from dashboards.browser import time_zone
from dashboards.config import DashboardSettings
from dashboards.live import live_part
from dashboards.markup import heading, nothing, notice
from dashboards.recommendations.comparing import (
    Comparison,
    Side,
    compare,
    compared_list,
    in_common,
    why_not_table,
)
from dashboards.recommendations.experiment_html import (
    arm_table,
    experiment_note,
    finding_table,
    live_table,
)
from dashboards.recommendations.profile_html import KIND_WORDS
from dashboards.rendering import render
from dashboards.service_status import presence
from dashboards.wording import seconds
from textwire.errors import Unavailable
from textwire.observing.reports import read_reports
from textwire.recommendations.experiments.figures import read_figures
from textwire.recommendations.experiments.prequential import read_prequential
from textwire.recommendations.experiments.stored import read_experiments
from textwire.recommendations.messages import MOST_WHY_NOT, EventKind, ScoredList, Supposed
from textwire.recommendations.results import read_active_users, read_items, read_scores
from textwire.settings import load

SERVICE = "recommendations"
MOST_LISTED = 100
MOST_EXPERIMENTS = 5
MOST_CHARACTERS = 500
USERS, MODELS, SETTINGS = "Two shoppers", "Two models", "Two settings"
WHAT_IF, WHY_NOT, EXPERIMENTS = "What if", "Why not", "Experiments"
VIEWS = (USERS, MODELS, SETTINGS, WHAT_IF, WHY_NOT, EXPERIMENTS)
AS_SERVED = "as served"
DEEDS: tuple[EventKind, ...] = ("click", "add_to_cart", "purchase", "dislike", "search")
SERVED_WHILE = (
    "A second model is served while an experiment runs: "
    "textwire recs experiment start NAME --b VERSION."
)
NO_EXPERIMENT = (
    "Let two versions of the model serve and see which one people take more from: "
    "textwire recs experiment start NAME --b VERSION."
)
NO_LIST_CAME = "Is the service up? See Operations. The lists show here as soon as they come."
AT_ALL_LOOKS = (
    "Intervals hold at all looks together, however often somebody looks (mixture SPRT): the "
    "experiment may be stopped as soon as one leaves 0 out. Users are compared, not clicks."
)
LIVE_NOTE = "of the last 7 days: was it in the list that was shown before?"


def head() -> None:
    """The page's title, and whether anybody makes lists."""
    store, now = connections.results(), connections.now()
    state = presence(read_reports(store), SERVICE, now, settings.silent_after_s)
    st.html(render("recommendations/compare_head.html", presence=state.pill))


def shopper(label: str, key: str, place: int = 0) -> str:
    """A shopper who is chosen or typed."""
    users = active[:MOST_LISTED]
    index = min(place, len(users) - 1) if users else None
    chosen = st.selectbox(
        label, users, index=index, key=key, accept_new_options=True, placeholder="a user's id",
    )  # fmt: skip
    return (chosen or "").strip()[:200]


def two_shoppers() -> list[Side]:
    """Whose lists."""
    left, right = st.columns(2)
    with left:
        first = shopper("Shopper", "first_user")
    with right:
        second = shopper("And", "second_user", 1)
    return [Side(user, user) for user in (first, second)]


def two_models() -> list[Side]:
    """By which versions, of those that are served."""
    running = next((one for one in experiments if one.runs), None)
    versions = [AS_SERVED, *([running.a, running.b] if running else [])]
    one, left, right = st.columns(3)
    with one:
        user = shopper("Shopper", "models_user")
    with left:
        first = st.selectbox("Model", versions, index=min(1, len(versions) - 1), key="model_a")
    with right:
        second = st.selectbox("And", versions, index=len(versions) - 1, key="model_b")
    if running is None:
        st.html(notice("One model is served.", SERVED_WHILE, "brand"))
    return [
        Side(version, user, {} if version == AS_SERVED else {"model": version})
        for version in (first, second)
    ]


def two_settings() -> list[Side]:
    """Under which settings."""
    user = shopper("Shopper", "settings_user")
    sides = []
    for column, name, usual in zip(st.columns(2), ("First", "Second"), (0.8, 1.0), strict=True):
        with column:
            trade_off = st.slider(
                f"{name}: in the order of the scores (1), or rather different items (0)",
                0.0, 1.0, usual, 0.05, key=f"trade_off_{name}",
            )  # fmt: skip
            seen = st.checkbox("Leave out what they opened", key=f"seen_{name}")
            bought = st.checkbox("Offer again what they bought", key=f"bought_{name}")
            after = st.text_input(
                "After just now", key=f"after_{name}", max_chars=MOST_CHARACTERS,
                placeholder="words, such as: a gift for a baker",
            ).strip()  # fmt: skip
        words = [f"order of scores {trade_off:g}"]
        words += ["without what they opened"] if seen else []
        words += ["with what they bought"] if bought else []
        words += [f"“{after}”"] if after else []
        wishes = {"trade_off": trade_off, "exclude_seen": seen, "allow_bought": bought}
        sides.append(Side(", ".join(words), user, {**wishes, "context": after or None}))
    return sides


def what_if() -> list[Side]:
    """As it is, and as if something more had been done."""
    one, two, three = st.columns([2, 1, 2])
    with one:
        user = shopper("Shopper", "supposing_user")
    with two:
        kind: EventKind = st.selectbox(
            "If they now", DEEDS, format_func=lambda kind: KIND_WORDS[kind][0].lower(), key="deed"
        )
    with three:
        said = ""
        item_id = None
        if kind == "search":
            said = st.text_input("Words", key="supposed_words", max_chars=MOST_CHARACTERS).strip()
        else:
            item_id = item_of("Item", "supposed_item", user)
    if not (said or item_id):
        return []
    supposed = Supposed(kind=kind, item_id=item_id, text=said or None)
    told = said or titles([item_id or ""])[item_id or ""]
    after = f"if they {KIND_WORDS[kind][0].lower()}: {told}"
    return [Side("as it is", user), Side(after, user, {"what_if": (supposed,)})]


def why_not() -> list[Side]:
    """About which items of a shopper's list is asked."""
    one, two = st.columns([1, 2])
    with one:
        user = shopper("Shopper", "asking_user")
    with two:
        asked = st.text_input(
            "Ids of items that are missing", key="missing", max_chars=MOST_CHARACTERS,
            placeholder="ids, with commas between them",
        )  # fmt: skip
    ids = tuple(dict.fromkeys(one.strip() for one in asked.split(",") if one.strip()))
    if not ids:
        return []
    return [Side(f"What {user} is offered", user, {"why_not": ids[:MOST_WHY_NOT]})]


def item_of(label: str, key: str, user: str) -> str | None:
    """An item of the shopper's last list, or one whose id is typed."""
    scored = read_scores(connections.results(), user) if user else None
    ids = [one.item_id for one in scored.scores] if scored else []
    known = titles(ids)
    chosen = st.selectbox(
        label, ids, key=key, accept_new_options=True, placeholder="an item's id",
        format_func=lambda item_id: known.get(item_id, item_id),
    )  # fmt: skip
    return (chosen or "").strip()[:200] or None


def titles(ids: list[str]) -> dict[str, str]:
    """Of items, by id."""
    items = read_items(connections.results(), ids)
    return {item_id: items[item_id].title if item_id in items else item_id for item_id in ids}


def ask(sides: list[Side], view: str) -> None:
    """Send what was chosen."""
    if all(side.user_id for side in sides):
        st.session_state.comparison = (
            view,
            compare(sides, settings.recommended_items, connections.now(), connections.sender),
        )


def shown(view: str) -> None:
    """What has come of what was asked for last in this view."""
    of_view, comparison = st.session_state.get("comparison", ("", None))
    if of_view != view or comparison is None:
        return
    if comparison.problem:
        st.html(notice("The lists could not be asked for.", comparison.problem, "bad"))
        return
    lists = comparison.lists(connections.results())
    refused = next((scored for scored in lists if scored and scored.error), None)
    if refused is not None:
        st.html(notice("A list could not be made.", refused.error or "", "bad"))
    elif all(lists):
        show_lists(comparison, [scored for scored in lists if scored])
    elif comparison.is_late(connections.now(), settings.answer_timeout_s):
        late = f"No lists came within {seconds(settings.answer_timeout_s)}."
        st.html(notice(late, NO_LIST_CAME, "waiting"))
    else:
        st.html(nothing("Lists are being made…"))


def show_lists(comparison: Comparison, lists: list[ScoredList]) -> None:
    """Both lists, each item with its place in the other; or why items are missing."""
    ids = [one.item_id for scored in lists for one in scored.scores]
    asked_about = [one for scored in lists for one in scored.why_not]
    ids += [id_ for one in asked_about for id_ in (one.item_id, one.other) if id_]
    items = read_items(connections.results(), list(dict.fromkeys(ids)))
    if asked_about:
        st.html(why_not_table(lists[0], items))
    if len(lists) == 2:
        st.html(heading("Side by side", in_common(lists[0], lists[1])))
    for place, column in enumerate(st.columns(2)[: len(lists)]):
        other = lists[1 - place] if len(lists) == 2 else None
        with column:
            st.html(compared_list(lists[place], other, items, comparison.sides[place]))


def running() -> None:
    """Experiments with their figures, and how lists do before what comes next."""
    store = connections.results()
    known = read_experiments(store)
    if not known:
        st.html(notice("No experiment was begun.", NO_EXPERIMENT, "brand"))
    for one in known[:MOST_EXPERIMENTS]:
        figures = read_figures(store, one)
        state = one.name if one.runs else f"{one.name} (ended)"
        st.html(heading(state, experiment_note(one, zone)))
        st.html(arm_table(figures))
        st.html(finding_table(figures.findings))
    if known:
        st.html(nothing(AT_ALL_LOOKS))
    st.html(heading("What came next", LIVE_NOTE))
    measured = read_prequential(store, connections.now())
    st.html(live_table(measured) if measured else nothing("Nothing came after a list yet."))


FORMS = {
    USERS: two_shoppers, MODELS: two_models, SETTINGS: two_settings, WHAT_IF: what_if,
    WHY_NOT: why_not,
}  # fmt: skip

settings = load(DashboardSettings)
zone = time_zone()
with st.container(key="compare"):
    live_part(head, settings.refresh_s, speaks=True)
    view = st.segmented_control(
        "What to compare", VIEWS, default=USERS, key="view", label_visibility="collapsed",
        required=True,
    )  # fmt: skip
    try:
        store = connections.results()
        active, experiments = read_active_users(store), read_experiments(store)
        if view == EXPERIMENTS:
            live_part(running, settings.refresh_s)
        else:
            sides = FORMS[view]()
            st.button(
                "Compare" if view != WHY_NOT else "Say why", on_click=ask, args=(sides, view),
                type="primary", disabled=not sides or not all(side.user_id for side in sides),
            )  # fmt: skip
            live_part(partial(shown, view), settings.refresh_s)
    except Unavailable:
        st.html(nothing("The form returns with Redis."))
