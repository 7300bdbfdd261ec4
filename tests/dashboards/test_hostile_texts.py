"""Every page with a hostile text in every field that others write."""

from __future__ import annotations

import pytest

from tests.dashboards.conftest import OpenPage, shown
from tests.dashboards.page_examples import NOW, RecordingSender, converse, edges, report
from tests.dashboards.parsed_html import Parsed
from tests.dashboards.recommendations.test_page import a_list
from tests.dashboards.sentiment_alerts.examples import alert, article, company
from tests.dashboards.test_rendering import HOSTILE
from tests.slow_params import slow_but
from textwire.observing.reports import report_writes
from textwire.recommendations.messages import BehaviourEvent, Item, ScoredItem
from textwire.recommendations.results import (
    Profile,
    event_writes,
    item_writes,
    profile_writes,
    scores_writes,
)
from textwire.results.memory import MemoryResults
from textwire.results.store import ResultStore
from textwire.sentiment_alerts.messages import AlertChange, TopicProbability
from textwire.sentiment_alerts.results.records import DeskStatus, StoredArticle, Subject
from textwire.sentiment_alerts.results.writing import (
    alert_writes,
    article_writes,
    company_writes,
    desk_writes,
)
from textwire.shadow.results import WatchState, watch_write
from textwire.support_qa.desk_results import handoff_writes, turn_writes
from textwire.support_qa.messages import Handoff, Source, Turn

HARMLESS = "A plain text"
# Of each page with the harmless text, which is drawn once for all hostile ones.
OUTLINES: dict[str, object] = {}
PAGES = {
    "": {"session": "s1"},
    "support_qa/desk_page.py": {"conversation": "s1"},
    "operations/page.py": {},
    "models/page.py": {},
    "sentiment_alerts/page.py": {"alert": "a1"},
    "recommendations/page.py": {"user": "u1"},
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("hostile", slow_but(HOSTILE, *HOSTILE[:3], "{{7*7}}", "-->", "\x00<b>"))
def test_a_hostile_text_in_every_field_is_read_and_does_nothing(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, page: str, hostile: str
) -> None:
    if page not in OUTLINES:
        OUTLINES[page] = Parsed(page_with(HARMLESS, page, open_page, monkeypatch)).outline
    seen = Parsed(page_with(hostile, page, open_page, monkeypatch))
    assert seen.outline == OUTLINES[page]
    assert seen.links == []
    words = [word.replace("\x00", "\ufffd") for word in hostile.split()]
    assert all(word in seen.text for word in words)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("address", ['https://host/x?a=1&b="><b>', "javascript:alert(1)"])
def test_only_the_web_is_linked_to(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, page: str, address: str
) -> None:
    links = Parsed(page_with(address, page, open_page, monkeypatch)).links
    assert all(link == address and address.startswith("https:") for link in links)
    shows_links = page in ("", "support_qa/desk_page.py", "sentiment_alerts/page.py")
    assert bool(links) == (shows_links and address.startswith("https:"))


def page_with(text: str, page: str, open_page: OpenPage, patch: pytest.MonkeyPatch) -> str:
    """The HTML of a page with this text in every field."""
    patch.setenv("TEXTWIRE_DASHBOARD_COMPANY", text.replace("\x00", "")[:60])
    patch.setenv("TEXTWIRE_DASHBOARD_GREETING", text.replace("\x00", ""))
    store = MemoryResults()
    for write in (write_support, write_reports, write_watch, write_news, write_shop):
        write(store, text)
    query = PAGES[page] | ({"company": text, "topic": text} if "alert" in PAGES[page] else {})
    return shown(open_page(edges(store, RecordingSender()), page, **query))


def write_support(store: ResultStore, text: str) -> None:
    source = Source(passage_id=text, title=text, url=text, text=text, score=0.5)
    answered = {"text": text, "model": text}
    converse(store, text, sources=(source,), **answered)
    converse(store, f"{text} again", sources=(source,), outcome="handed_over", **answered)
    converse(store, f"{text} at last", sources=(), outcome="refused", **answered)
    handoff = Handoff(
        id=text, session_id="s1", question_id="q1", reason="low_confidence", conversation=(),
        candidates=(source,), state="taken", summary=text, opened_at=NOW, agent=text[:60],
    )  # fmt: skip
    store.write(handoff_writes(handoff))
    for turn in (
        Turn(role="agent", text=text, at=NOW, by=text, outcome="replied"),
        Turn(role="bot", text=text, at=NOW, outcome="acknowledged"),
    ):
        store.write(turn_writes("s1", turn))


def write_reports(store: ResultStore, text: str) -> None:
    standing = {text: 2}
    store.write(
        report_writes(
            report(service=text, host=text, model=text, ready=False, reason=text, warnings=text,
                   dead_letters_standing=standing, lag={text: 1})
        )
    )  # fmt: skip
    store.write(report_writes(report(model=text, warnings=text)))


def write_watch(store: ResultStore, text: str) -> None:
    state = WatchState(
        task=text, champion=text, at=NOW, stage="shadow", told=text, challenger=text,
        reasons=(text,),
    )  # fmt: skip
    store.write([watch_write(state)])


def write_news(store: ResultStore, text: str) -> None:
    store.write(desk_writes(DeskStatus(watermark=NOW, step_minutes=10, window_minutes=60)))
    store.write(company_writes(company(text, ticker=text, sector=text)))
    changes = (AlertChange(at=NOW, state="acknowledged", by=text, note=text),)
    about = {"entity": text, "topic": text, "digest": text}
    store.write(alert_writes(alert(**about)))
    store.write(alert_writes(alert(id="a2", state="acknowledged", changes=changes, **about)))
    read = article(
        {"entity": text, "text": f"Of {text}"}, title=text, source=text, url=text, copy_of=text,
        topics=(TopicProbability(topic=text, probability=0.9),),
    ).sentiment  # fmt: skip
    store.write(article_writes(StoredArticle(sentiment=read, excerpt=text), [Subject(text)]))


def write_shop(store: ResultStore, text: str) -> None:
    store.write(item_writes("i1", Item(id="i1", title=text, category=text, price=3.5)))
    for kind in ("impression", "comment", "search"):
        event = BehaviourEvent(user_id="u1", kind=kind, item_id="i1", text=text, at=NOW)  # type: ignore[arg-type]
        store.write(event_writes(event))
    weights = {text: 1.0}
    profile = Profile(user_id="u1", at=NOW, categories=weights, tags=weights, words=(text,))
    store.write(profile_writes(profile))
    scored = ScoredItem(item_id="i1", rank=1, score=0.2, parts={text: 0.4}, reason=text)
    store.write(scores_writes(a_list("u1", scores=(scored,), model=text)))
    store.write(event_writes(BehaviourEvent(user_id=text, kind="impression", item_id="i1", at=NOW)))
    store.write(scores_writes(a_list(text, scores=(scored,), model=text)))
