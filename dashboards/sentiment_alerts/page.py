"""Sentiment monitor: what is said of whom, what is unusual about it, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import streamlit as st

from dashboards import connections
from dashboards.browser import time_zone
from dashboards.config import DashboardSettings
from dashboards.live import live_part
from dashboards.markup import heading, nothing, notice
from dashboards.plotting import draw
from dashboards.sentiment_alerts.acting import Sent, act, snooze_ends, still_under_way
from dashboards.sentiment_alerts.alert_words import (
    IN_HAND,
    UNHANDLED,
    alert_story,
    alert_title,
    in_order,
    key_words,
    topic_words,
)
from dashboards.sentiment_alerts.articles import article_card
from dashboards.sentiment_alerts.carrying_words import Asked, ask_for_words, words_html
from dashboards.sentiment_alerts.charts import curve_chart
from dashboards.sentiment_alerts.event_time import gathered, step_for
from dashboards.sentiment_alerts.exporting import alerts_csv, audit_csv, curves_csv, stories_csv
from dashboards.sentiment_alerts.heat_map import heat_chart, heat_rows
from dashboards.sentiment_alerts.incident_cards import Incident, incident_card, incidents_of
from dashboards.sentiment_alerts.news_status import news_head, news_tiles, topics_seen
from dashboards.sentiment_alerts.selection import (
    ALL,
    COMPANY,
    TOPIC,
    leave,
    select_alert,
    select_company,
    select_story,
    selected,
    selected_story,
    selection_from_address,
    selection_to_address,
)
from dashboards.sentiment_alerts.stories import about, story_counts, story_row, told_most
from dashboards.sentiment_alerts.watching import as_typed, unwatch, watch
from dashboards.sentiment_alerts.watchlist import (
    by_attention,
    matching,
    watched,
    watchlist_head,
    watchlist_row,
)
from dashboards.signing_in.current import signed_in_name
from dashboards.tiles import tile_grid
from dashboards.wording import counted, seconds, whole
from textwire.errors import Unavailable
from textwire.observing.reports import read_reports
from textwire.sentiment_alerts.messages import ActionKind, Alert
from textwire.sentiment_alerts.results import (
    DeskStatus,
    StoredArticle,
    Story,
    Subject,
    read_alerts,
    read_articles,
    read_articles_of,
    read_articles_of_story,
    read_audit,
    read_cells,
    read_cells_of,
    read_companies,
    read_desk,
    read_explanation,
    read_recent_articles,
    read_recent_stories,
    read_story,
    read_watched,
)
from textwire.settings import load

DAY = timedelta(hours=24)
SPARK_STEPS = 24
SPANS = {"6 h": timedelta(hours=6), "24 h": DAY, "72 h": timedelta(hours=72)}
INBOXES = {"Open": UNHANDLED, "In hand": IN_HAND, "Resolved": ("resolved",)}
EVERY = "All"
# Cards in a row; fewer would leave a band of nothing, more would crush the words.
IN_A_ROW = 3
NEW = ""
MOST_AUDITED = 2_000
WATCHED_FIELDS = {
    "name": "Name",
    "ticker": "Ticker",
    "aliases": "Also called (by commas)",
    "context": "Only near one of these words (by commas)",
    "not": "Not in these phrases (by commas)",
    "sector": "Sector",
}


def head() -> None:
    """How far the news has been read, and the desk's counts."""
    store, now = connections.results(), connections.now()
    desk, alerts = read_desk(store), read_alerts(store)
    reports = read_reports(store)
    st.html(news_head(desk, reports, now, settings.silent_after_s, zone))
    if desk is None:
        st.html(notice("No article has been read yet.", NO_NEWS, "brand"))
        return
    st.html(tile_grid(news_tiles(desk, alerts, len(read_companies(store)))))


def inbox() -> None:
    """Alerts, and what can be done about them."""
    store, now = connections.results(), connections.now()
    desk = read_desk(store)
    if desk is None:
        return
    alerts = in_order(read_alerts(store))
    under_way = sent_actions({alert.id: alert for alert in alerts})
    with st.container(key="inbox_head", horizontal=True, vertical_alignment="center"):
        st.html(heading("Alerts", "bad news, or none at all"))
        shown = st.segmented_control(
            "Which alerts", [*INBOXES, EVERY], default="Open", required=True, key="inbox",
            format_func=lambda name: f"{name} {whole(len(incidents_of(inbox_of(alerts, name))))}",
            label_visibility="collapsed", persist_state="session",
        )  # fmt: skip
        with st.popover("Export", icon=":material/download:"):
            st.download_button(
                "Alerts as CSV", lambda: alerts_csv(read_alerts(store)), "alerts.csv", "text/csv",
                key="alerts_csv", on_click="ignore",
            )  # fmt: skip
            st.download_button(
                "Who did what, as CSV", lambda: audit_csv(read_audit(store, MOST_AUDITED)),
                "audit.csv", "text/csv", key="audit_csv", on_click="ignore",
            )  # fmt: skip
    listed = incidents_of(inbox_of(alerts, shown or "Open"))
    if not listed:
        none = NO_OPEN_ALERT if alerts and shown == "Open" else NO_ALERT[shown or "Open"]
        st.html(nothing(none))
        return
    most = st.session_state.setdefault("alerts_shown", IN_A_ROW)
    columns = st.columns(IN_A_ROW)
    for place, incident in enumerate(listed[:most]):
        with columns[place % IN_A_ROW], st.container(key=f"alert_{place}"):
            incident_with_actions(incident, under_way, desk, now)
    if len(listed) > most:
        st.button(
            f"Show {counted(len(listed) - most, 'more alert')}", key="more_alerts",
            on_click=show_more, args=("alerts_shown",), type="tertiary",
        )  # fmt: skip
    if st.session_state.pop("moved", False):
        st.rerun()


def incident_with_actions(
    incident: Incident, sent: Mapping[str, Sent], desk: DeskStatus, now: datetime
) -> None:
    """A card, and below it what the state of the alert that leads it allows, for all of them."""
    lead = incident[0]
    under_way = sent.get(lead.id)
    words = under_way.words if under_way and not under_way.problem else ""
    st.html(incident_card(incident, zone, words))
    if under_way and under_way.problem:
        st.html(notice("It could not be sent.", under_way.problem, "bad"))
    elif under_way and under_way.is_late(now, settings.answer_timeout_s):
        late = f"Not taken up within {seconds(settings.answer_timeout_s)}."
        st.html(notice(late, NOT_TAKEN_UP, "waiting"))
    with st.container(key=f"actions_{lead.id}", horizontal=True, gap="small"):
        for label, kind in allowed(lead):
            st.button(
                label, key=f"{kind}_{lead.id}", on_click=send_all_of, args=(incident, kind),
                disabled=bool(words),
            )  # fmt: skip
        if lead.state != "resolved":
            st.menu_button(
                "Snooze", list(snooze_ends(desk.watermark, zone)), key=f"snooze_{lead.id}",
                on_click=snooze, args=(incident, desk.watermark), disabled=bool(words),
            )  # fmt: skip
        st.button(
            "Articles", key=f"see_{lead.id}", on_click=look, args=(lead,), type="tertiary",
        )  # fmt: skip
        for alert in incident[1:]:
            st.button(
                f"See {alert_title(alert)}", key=f"see_{alert.id}", on_click=look, args=(alert,),
                type="tertiary",
            )  # fmt: skip


def stories() -> None:
    """What several articles tell of, that which most tell first."""
    store = connections.results()
    desk = read_desk(store)
    if desk is None:
        return
    told = told_most(read_recent_stories(store), desk.watermark)
    with st.container(key="stories_head", horizontal=True, vertical_alignment="center"):
        st.html(heading("Stories", "one event, however many write of it"))
        if told:
            st.download_button(
                "CSV", lambda: stories_csv(told), "stories.csv", "text/csv", key="stories_csv",
                on_click="ignore", type="tertiary", icon=":material/download:",
            )  # fmt: skip
    with st.container(key="stories_card", gap=None):
        for place, story in enumerate(told[: settings.listed_stories]):
            with st.container(key=f"told_{place}"):
                st.html(story_row(story, zone, chosen=story.id == selected_story()))
                st.button(
                    f"Read {story.title}", key=f"read_{story.id}", on_click=read_on, args=(story,)
                )
        if not told:
            st.html(nothing(NO_STORY))
    if st.session_state.pop("moved", False):
        st.rerun()


def heat() -> None:
    """Which companies have bad news, and of what."""
    store = connections.results()
    desk = read_desk(store)
    if desk is None:
        return
    alerts = read_alerts(store)
    ranked = by_attention(watched(read_companies(store), alerts), desk.watermark)
    companies = [row.company.entity for row in ranked[: settings.heat_companies]]
    topics = topics_seen(read_recent_articles(store, settings.topics_from_articles), alerts)
    subjects = [Subject(company, topic) for company in companies for topic in topics]
    rows = heat_rows(read_cells_of(store, subjects), desk.watermark, DAY)
    draw(
        "Companies and topics", "negative articles of 24 h",
        heat_chart(rows, companies) if len(rows) else None,
        key="heat", otherwise=NO_HEAT,
    )  # fmt: skip


def watchlist() -> None:
    """Companies, those that need looking at first."""
    store = connections.results()
    desk = read_desk(store)
    if desk is None:
        return
    companies = read_companies(store)
    ranked = by_attention(watched(companies, read_alerts(store)), desk.watermark)
    with st.container(key="watch_head", horizontal=True, vertical_alignment="center"):
        st.html(heading("Watchlist", "what needs attention first"))
        sought = st.text_input(
            "Find a company", key="sought", type="search", live=True, max_chars=100,
            placeholder="Name, ticker or sector", label_visibility="collapsed",
            persist_state="session", width=230,
        )  # fmt: skip
    found = matching(ranked, sought or "")
    rows = found[: settings.watched_companies]
    base = timedelta(minutes=desk.step_minutes)
    step = step_for(DAY, base, SPARK_STEPS)
    with st.container(key="watch_card", gap=None):
        st.html(watchlist_head())
        for place, row in enumerate(rows):
            entity = row.company.entity
            cells = read_cells(store, entity, None)
            steps = gathered(cells, desk.watermark, DAY, step, base)
            with st.container(key=f"watch_{place}"):
                st.html(watchlist_row(row, steps, entity == selected()[0]))
                st.button(f"Look at {entity}", key=f"pick_{entity}", on_click=pick, args=(entity,))
        st.html(nothing(listed_words(len(rows), len(found), len(companies))))
    watch_form()
    if st.session_state.pop("moved", False):
        st.rerun()


def watch_form() -> None:
    """Watching one more company, another way of naming one, or one no more."""
    with st.popover("Edit the watchlist", icon=":material/edit:"):
        known = read_watched(connections.results())
        name = st.selectbox(
            "Company", [NEW, *known], key="watch_which",
            format_func=lambda one: one or "A new company",
        )  # fmt: skip
        company = known.get(name or NEW)
        written, of = as_typed(company), f"_{company.name}" if company else ""
        with st.form(f"watch{of}", border=False, clear_on_submit=company is None):
            fields = {
                field: st.text_input(
                    words, written.get(field, ""), key=f"watch_{field}{of}", max_chars=200,
                    disabled=field == "name" and company is not None,
                )
                for field, words in WATCHED_FIELDS.items()
            }  # fmt: skip
            asked = st.form_submit_button("Save" if company else "Watch", type="primary")
        if company is not None:
            st.button(
                "Watch no more", key="unwatch", on_click=watch_no_more, args=(company.name,),
                icon=":material/delete:", type="tertiary",
            )  # fmt: skip
        if asked:
            problem = watch(fields, known.values(), connections.sender)
            name = fields["name"].strip()
            # Kept, since this part of the page is drawn anew every few seconds.
            st.session_state.watch_told = f"{name} is watched from now on.", problem
        told, problem = st.session_state.get("watch_told", ("", ""))
        if problem:
            st.html(notice("The watchlist is as it was.", problem, "bad"))
        elif told:
            st.html(notice(told, "", "good"))


def watch_no_more(name: str) -> None:
    """Take a company from the watchlist."""
    problem = unwatch(name, connections.sender)
    st.session_state.watch_told = f"{name} is watched no more.", problem
    st.session_state.watch_which = NEW


def detail() -> None:
    """The chosen company or topic: its curves and its articles."""
    store = connections.results()
    desk = read_desk(store)
    if desk is None:
        return
    alerts = read_alerts(store)
    choosers(
        [company.entity for company in read_companies(store)],
        topics_seen(read_recent_articles(store, settings.topics_from_articles), alerts),
    )
    company, topic, alert_id = selected()
    alert = next((one for one in alerts if one.id == alert_id), None)
    if alert is not None and (alert.entity, alert.topic) != (company, topic):
        alert = None
    story = story_looked_at(company, topic)
    curves(desk, [one for one in alerts if concerns(one, company, topic)], company, topic)
    with st.container(key="articles_head", horizontal=True, vertical_alignment="center"):
        st.html(articles_heading(alert, story, key_words(company, topic)))
        if alert is not None or story is not None:
            st.button("All articles", key="leave", on_click=leave, type="tertiary")
    if alert is not None:
        st.html(alert_story(alert, zone))
    listed = articles_of(company, topic, alert, story)
    if not listed:
        st.html(nothing(NO_ARTICLE))
    with st.container(key="articles", gap=None):
        for stored in listed:
            st.html(article_card(stored, zone))
            carrying_words(stored.sentiment.article_id)
    selection_to_address()


def carrying_words(article_id: str) -> None:
    """The words that carried what was read in an article, once somebody asks for them."""
    asked: dict[str, Asked] = st.session_state.setdefault("asked_words", {})
    one = asked.get(article_id)
    if one is None:
        st.button(
            "Which words?", key=f"words_{article_id}", on_click=ask, args=(article_id,),
            type="tertiary",
        )  # fmt: skip
        return
    explanation = read_explanation(connections.results(), article_id)
    if explanation is not None:
        st.html(words_html(explanation))
    elif one.problem:
        st.html(notice("It could not be asked.", one.problem, "bad"))
    elif one.is_late(connections.now(), settings.answer_timeout_s):
        st.html(notice(f"Not answered within {seconds(settings.answer_timeout_s)}.", NO_WORDS))
    else:
        st.html(nothing("Reading it again without each of its words …"))


def ask(article_id: str) -> None:
    """Ask for an article's words."""
    asked = ask_for_words(article_id, connections.now(), connections.sender)
    st.session_state.asked_words[article_id] = asked


def choosers(companies: Sequence[str], topics: Sequence[str]) -> None:
    """Which company and which topic."""
    chosen_company, chosen_topic = st.session_state.get(COMPANY), st.session_state.get(TOPIC)
    with st.container(key="choosers", horizontal=True, vertical_alignment="center"):
        st.selectbox(
            "Company", with_chosen([ALL, *companies], chosen_company), key=COMPANY,
            label_visibility="collapsed", persist_state="session",
            format_func=lambda name: name or "All companies",
        )  # fmt: skip
        st.selectbox(
            "Topic", with_chosen([ALL, *topics], chosen_topic), key=TOPIC,
            label_visibility="collapsed", persist_state="session",
            format_func=lambda name: topic_words(name) if name else "All topics",
        )  # fmt: skip
        st.segmented_control(
            "Time", list(SPANS), default="24 h", required=True, key="span",
            label_visibility="collapsed", persist_state="session",
        )  # fmt: skip


def curves(desk: DeskStatus, alerts: list[Alert], company: str | None, topic: str | None) -> None:
    """Articles over time, up to the watermark."""
    span = SPANS[st.session_state.get("span") or "24 h"]
    base = timedelta(minutes=desk.step_minutes)
    step = step_for(span, base)
    cells = read_cells(connections.results(), company, topic) if company or topic else []
    steps = gathered(cells, desk.watermark, span, step, base)
    minutes = round(step.total_seconds() / 60)
    draw(
        key_words(company, topic) if cells else "Curves",
        f"articles in {minutes} min · dashed: negative ones that are usual · band ▲: alert",
        curve_chart(steps, alerts) if cells else None,
        key="curves",
        otherwise=NO_CURVE if company or topic else CHOOSE,
    )
    if cells:
        st.download_button(
            "Curves as CSV", lambda: curves_csv(steps, Subject(company, topic)), "curves.csv",
            "text/csv", key="curves_csv", on_click="ignore", type="tertiary",
            icon=":material/download:",
        )  # fmt: skip


def story_looked_at(company: str | None, topic: str | None) -> Story | None:
    """The chosen story, if it tells of the company and the topic that are chosen."""
    story_id = selected_story()
    story = read_story(connections.results(), story_id) if story_id else None
    return next(iter(about([story] if story else [], company, topic)), None)


def articles_heading(alert: Alert | None, story: Story | None, chosen: str) -> str:
    """Whose articles are listed."""
    if story is not None:
        return heading("Articles of the story", story_counts(story))
    return heading("Articles of the alert" if alert else "Latest articles", chosen)


def articles_of(
    company: str | None, topic: str | None, alert: Alert | None, story: Story | None
) -> list[StoredArticle]:
    """The story's or the alert's own, or the newest about what is chosen."""
    store, most = connections.results(), settings.recent_articles
    if story is not None:
        return read_articles_of_story(store, story.id, most)
    if alert is not None:
        return read_articles(store, list(reversed(alert.article_ids)))
    if company or topic:
        return read_articles_of(store, company, topic, most)
    return read_recent_articles(store, most)


def concerns(alert: Alert, company: str | None, topic: str | None) -> bool:
    """Whether an alert is drawn beside these curves."""
    return (company is None or alert.entity == company) and (topic is None or alert.topic == topic)


def inbox_of(alerts: Sequence[Alert], name: str) -> list[Alert]:
    """The alerts in the states that an inbox holds."""
    return [alert for alert in alerts if name == EVERY or alert.state in INBOXES[name]]


def allowed(alert: Alert) -> list[tuple[str, ActionKind]]:
    """What its state lets a person do, beside snoozing."""
    if alert.state == "resolved":
        return [("Re-open", "reopen")]
    if alert.state == "acknowledged":
        return [("Resolve", "resolve")]
    return [("Acknowledge", "acknowledge"), ("Resolve", "resolve")]


def sent_actions(alerts: dict[str, Alert]) -> dict[str, Sent]:
    """Actions whose effect does not show yet."""
    under_way = still_under_way(st.session_state.get("sent", {}), alerts)
    st.session_state.sent = under_way
    return under_way


def send(alert: Alert, kind: ActionKind, until: datetime | None = None) -> None:
    """Send what a button says."""
    now = connections.now()
    sent = act(alert, kind, signed_in_name() or settings.acts_as, now, connections.sender, until)
    st.session_state.sent = {**st.session_state.get("sent", {}), alert.id: sent}


def send_all_of(incident: Incident, kind: ActionKind, until: datetime | None = None) -> None:
    """Send it for each alert of an incident that it is possible for."""
    for alert in incident:
        if kind == "snooze" or kind in [possible for _, possible in allowed(alert)]:
            send(alert, kind, until)


def snooze(incident: Incident, watermark: datetime) -> None:
    """Send the snooze that was chosen."""
    until = snooze_ends(watermark, zone).get(st.session_state[f"snooze_{incident[0].id}"])
    if until is not None:
        send_all_of(incident, "snooze", until)


def look(alert: Alert) -> None:
    """Show what an alert is about in the other parts of the page."""
    select_alert(alert)
    st.session_state.moved = True


def read_on(story: Story) -> None:
    """Show a story's articles in the other parts of the page."""
    select_story(story.id, next(iter(story.companies), None))
    st.session_state.moved = True


def pick(entity: str) -> None:
    """Show a company in the other parts of the page."""
    select_company(entity)
    st.session_state.moved = True


def show_more(name: str) -> None:
    """Twice as many."""
    st.session_state[name] *= 2


def with_chosen(options: list[str], chosen: str | None) -> list[str]:
    """The options, and what an address names though nothing is known of it."""
    return options if not chosen or chosen in options else [*options, chosen]


def listed_words(shown: int, found: int, known: int) -> str:
    """How many of how many are on the page."""
    if not known:
        return (
            "No company is watched yet. Edit the watchlist below, or: textwire watchlist load FILE."
        )
    if not found:
        return "No company matches. Names, tickers and sectors are searched."
    if shown < found:
        return f"{whole(shown)} of {counted(found, 'company', 'companies')}: search for the others."
    return f"{counted(found, 'company', 'companies')}"


def choose_first() -> None:
    """Without a choice in the address, look at what needs it most."""
    if any(selected()) or st.session_state.get("chose_first"):
        return
    try:
        store = connections.results()
        desk = read_desk(store)
        if desk is None:
            return
        ranked = by_attention(watched(read_companies(store), read_alerts(store)), desk.watermark)
    except Unavailable:
        return
    if ranked:
        st.session_state.chose_first = True
        select_company(ranked[0].company.entity)


NO_NEWS = (
    "Send articles to the topic news.articles, or replay the samples: textwire feed samples. "
    "Alerts, companies and curves show here as they are read."
)
NO_ALERT = {
    "Open": "No alert is open. One is raised when bad news is more than chance explains, an event "
    "is grave, a tone stays down, or no news comes.",
    "In hand": "No alert is acknowledged or snoozed.",
    "Resolved": "No alert has been resolved yet.",
    EVERY: "No alert has been raised yet.",
}
NO_OPEN_ALERT = "No alert is open. Those that were raised are in hand, or over: see Resolved."
NOT_TAKEN_UP = (
    "Is the service up? See Operations; the alert changes as soon as it takes this up. Whether it "
    "was refused: textwire dead list news.actions."
)
NO_WORDS = (
    "Is the service up? See Operations. Whether it was refused: textwire dead list "
    "news.explanations."
)
NO_ARTICLE = "No article about this is kept. They are kept for 7 days."
NO_STORY = "No event of the last day was told by more than one article."
NO_HEAT = "No company that is watched was named together with a topic within 24 hours of the news."
NO_CURVE = "No article about this was counted within the last 72 hours of the news."
CHOOSE = "Choose a company or a topic to see its curves."

settings = load(DashboardSettings)
zone = time_zone()
selection_from_address()
choose_first()

with st.container(key="monitor"):
    live_part(head, settings.refresh_s, speaks=True)
    live_part(inbox, settings.refresh_s)
    left, right = st.columns([10, 12], gap="medium")
    with left:
        live_part(stories, settings.charts_refresh_s)
    with right:
        live_part(heat, settings.charts_refresh_s)
    left, right = st.columns([10, 12], gap="medium")
    with left:
        live_part(watchlist, settings.charts_refresh_s)
    with right:
        live_part(detail, settings.charts_refresh_s)
