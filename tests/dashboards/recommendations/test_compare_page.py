from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.connections import Edges
from tests.dashboards.conftest import OpenPage, shown
from tests.dashboards.page_examples import NOW, RecordingSender, edges
from tests.dashboards.recommendations.shop_world import shop_world
from tests.dashboards.recommendations.test_page import a_list, requests_of
from textwire.recommendations.experiments.experiment import Experiment
from textwire.recommendations.experiments.prequential import seen_before_writes
from textwire.recommendations.experiments.stored import counts_key, start
from textwire.recommendations.messages import ScoreRequest, Supposed, WhyNot
from textwire.recommendations.results import read_scores, tried_writes
from textwire.results.memory import MemoryResults
from textwire.results.writes import Count

PAGE = "recommendations/compare_page.py"


@pytest.fixture
def users(store: MemoryResults) -> list[str]:
    return shop_world(store, users=3, events=90)


def opened(open_page: OpenPage, world: Edges, view: str) -> AppTest:
    app = open_page(world, PAGE)
    if view != "Two shoppers":
        app.session_state["view"] = view
        app.run()
    return app


def press(app: AppTest, label: str = "Compare") -> None:
    next(one for one in app.button if one.label == label).click().run()


def answered(store: MemoryResults, request: ScoreRequest, *ids: str, **changes: object) -> None:
    scored = a_list(request.user_id, *ids, request_id=request.id, **changes)
    store.write(tried_writes(scored))


def test_two_shoppers_are_set_side_by_side_and_nothing_of_theirs_changes(
    store: MemoryResults, open_page: OpenPage, users: list[str]
) -> None:
    sender = RecordingSender()
    app = opened(open_page, edges(store, sender), "Two shoppers")
    before = [read_scores(store, user) for user in users]
    press(app)
    first, second = requests_of(sender)
    assert [first.user_id, second.user_id] == users[:2]
    assert first.is_trial
    assert second.is_trial
    assert "Lists are being made" in shown(app)
    answered(store, first, "i1", "i2")
    answered(store, second, "i2", "i3")
    app.run()
    page = shown(app)
    assert "1 of 2 items in both lists, 0 of them at the same place" in page
    assert page.count("only here") == 2
    assert page.count("tw-compared") == 2
    assert [read_scores(store, user) for user in users] == before


def test_two_models_are_those_of_the_experiment_that_runs(
    store: MemoryResults, open_page: OpenPage, users: list[str]
) -> None:
    start(store, Experiment(name="e1", a="v1", b="v2", started_at=NOW))
    sender = RecordingSender()
    app = opened(open_page, edges(store, sender), "Two models")
    press(app)
    assert [request.model for request in requests_of(sender)] == ["v1", "v2"]


def test_without_an_experiment_it_says_how_a_second_model_comes_to_be_served(
    store: MemoryResults, open_page: OpenPage, users: list[str]
) -> None:
    page = shown(opened(open_page, edges(store, RecordingSender()), "Two models"))
    assert "textwire recs experiment start NAME" in page


def test_two_settings_differ_by_what_was_chosen(
    store: MemoryResults, open_page: OpenPage, users: list[str]
) -> None:
    sender = RecordingSender()
    app = opened(open_page, edges(store, sender), "Two settings")
    app.checkbox(key="bought_Second").check()
    app.text_input(key="after_First").set_value("a tent").run()
    press(app)
    first, second = requests_of(sender)
    assert (first.trade_off, first.context, first.allow_bought) == (0.8, "a tent", False)
    assert (second.trade_off, second.context, second.allow_bought) == (1.0, None, True)


def test_what_if_supposes_a_deed_with_an_item_of_the_list(
    store: MemoryResults, open_page: OpenPage, users: list[str]
) -> None:
    sender = RecordingSender()
    app = opened(open_page, edges(store, sender), "What if")
    scored = read_scores(store, users[0])
    assert scored is not None
    press(app)
    as_it_is, supposed = requests_of(sender)
    assert as_it_is.what_if == ()
    assert supposed.what_if == (Supposed(kind="click", item_id=scored.scores[0].item_id),)


def test_why_an_item_is_missing_is_told_in_words(
    store: MemoryResults, open_page: OpenPage, users: list[str]
) -> None:
    sender = RecordingSender()
    app = opened(open_page, edges(store, sender), "Why not")
    app.text_input(key="missing").set_value("i9, ghost").run()
    press(app, "Say why")
    [request] = requests_of(sender)
    assert request.why_not == ("i9", "ghost")
    told = WhyNot(item_id="i9", step="scored_lower", score=0.003, place=40, words="At 40 of 300.")
    answered(store, request, "i1", why_not=(told,))
    app.run()
    page = shown(app)
    assert "Scored lower" in page
    assert "At 40 of 300." in page
    assert "below 1 %" in page


def test_a_refused_trial_and_one_that_does_not_come_are_said(
    store: MemoryResults, open_page: OpenPage, users: list[str]
) -> None:
    clock, sender = [NOW], RecordingSender()
    world = Edges(lambda: store, lambda: sender, lambda: clock[0], lambda: "a browser")
    app = opened(open_page, world, "Two shoppers")
    press(app)
    clock[0] = NOW + timedelta(seconds=60)
    app.run()
    assert "No lists came within" in shown(app)
    answered(store, requests_of(sender)[0], error="There is no such model.")
    app.run()
    assert "There is no such model." in shown(app)


def test_an_experiment_is_shown_with_what_may_be_believed(
    store: MemoryResults, open_page: OpenPage, users: list[str]
) -> None:
    empty = shown(opened(open_page, edges(store, RecordingSender()), "Experiments"))
    assert "No experiment was begun." in empty
    assert "Nothing came after a list yet." in empty
    one = Experiment(name="spring", a="v1", b="v2", started_at=NOW, planned_users=1_000)
    start(store, one)
    counts = {"a:users": 500, "b:users": 500, "a:lists": 700, "b:lists": 720}
    counts |= {"a:clicks:users": 50, "a:clicks:sum": 60, "a:clicks:squares": 90}
    counts |= {"b:clicks:users": 130, "b:clicks:sum": 160, "b:clicks:squares": 260}
    store.write(Count(counts_key("spring"), field, by) for field, by in counts.items())
    store.write(seen_before_writes("v1", "clicks", 1, NOW))
    page = shown(opened(open_page, edges(store, RecordingSender()), "Experiments"))
    assert "b is ahead" in page
    assert "10.0 %" in page
    assert "+16.0 %" in page
    assert "1.000" in page  # what came next was first in the list before
    ended = msgspec.structs.replace(one, stopped_at=NOW)
    assert not ended.runs
