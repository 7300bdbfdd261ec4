from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from streamlit.testing.v1 import AppTest

from dashboards.connections import Edges
from tests.dashboards.conftest import OpenPage, folds, in_address, shown
from tests.dashboards.page_examples import MARKUP, NOW, AwayStore, RecordingSender, edges
from tests.dashboards.recommendations.shop_world import shop_world
from tests.dashboards.support_qa.test_page import AwaySender
from textwire.recommendations.messages import (
    BehaviourEvent,
    Item,
    ScoredItem,
    ScoredList,
    ScoreRequest,
)
from textwire.recommendations.results import (
    event_writes,
    item_writes,
    read_scores,
    refusal_writes,
    scores_writes,
)
from textwire.results.memory import MemoryResults

PAGE = "recommendations/page.py"


@pytest.fixture
def users(store: MemoryResults) -> list[str]:
    """The sample shop after a few hundred events; who was active last stands first."""
    return shop_world(store)


def button(app: AppTest, label: str) -> None:
    next(one for one in app.button if one.label == label).click().run()


def events_of(sender: RecordingSender) -> list[BehaviourEvent]:
    return [one for one in sender.sent if isinstance(one, BehaviourEvent)]


def requests_of(sender: RecordingSender) -> list[ScoreRequest]:
    return [one for one in sender.sent if isinstance(one, ScoreRequest)]


def a_list(user_id: str, *item_ids: str, **changes: object) -> ScoredList:
    scores = tuple(
        ScoredItem(item_id=one, rank=rank, score=0.2, parts={}, reason="New")
        for rank, one in enumerate(item_ids, 1)
    )
    fields = {"user_id": user_id, "scores": scores, "model": "m", "scored_at": NOW}
    return ScoredList(**(fields | changes))  # type: ignore[arg-type]


def test_who_was_active_last_is_shown_with_their_list(
    store: MemoryResults, open_page: OpenPage, users: list[str]
) -> None:
    sender = RecordingSender()
    app = open_page(edges(store, sender), PAGE)
    assert in_address(app, "user") == users[0]
    page = shown(app)
    scored = read_scores(store, users[0])
    assert scored is not None
    assert page.count('class="tw-offer"') == len(scored.scores)
    assert "Categories" in page
    assert folds(app) == ["What the ranker saw"] * len(scored.scores)
    assert sender.sent == []  # there is a list already


def test_another_shopper_can_be_picked(
    store: MemoryResults, open_page: OpenPage, users: list[str]
) -> None:
    app = open_page(edges(store, RecordingSender()), PAGE)
    app.selectbox[0].set_value(users[1]).run()
    assert in_address(app, "user") == users[1]


def test_without_a_shop_the_page_makes_a_new_shopper_and_asks_for_a_list(
    store: MemoryResults, open_page: OpenPage
) -> None:
    sender = RecordingSender()
    app = open_page(edges(store, sender), PAGE)
    app.run()
    [asked] = requests_of(sender)  # once
    assert asked.user_id == in_address(app, "user")
    assert asked.user_id.startswith("guest-")
    page = shown(app)
    assert "Nothing is known of this shopper yet." in page
    assert "A list is being made" in page


def test_an_empty_catalogue_says_how_to_fill_it(store: MemoryResults, open_page: OpenPage) -> None:
    store.write(scores_writes(a_list("u1")))
    page = shown(open_page(edges(store, RecordingSender()), PAGE, user="u1"))
    assert "There is nothing to offer." in page
    assert "textwire recs load" in page


def test_no_list_in_time_is_said_and_one_later_still_shows(
    store: MemoryResults, open_page: OpenPage
) -> None:
    clock, sender = [NOW], RecordingSender()
    app = open_page(Edges(lambda: store, lambda: sender, lambda: clock[0]), PAGE, user="u1")
    clock[0] = NOW + timedelta(seconds=16)
    app.run()
    assert "No list came within 15 s." in shown(app)
    store.write(scores_writes(a_list("u1", "i1", scored_at=clock[0])))
    app.run()
    assert "No list came" not in shown(app)
    assert "tw-offer" in shown(app)


def test_a_refused_request_says_what_to_ask_instead_and_the_last_list_stays(
    store: MemoryResults, open_page: OpenPage
) -> None:
    store.write(scores_writes(a_list("u1", "a")))
    sender = RecordingSender()
    app = open_page(edges(store, sender), PAGE, user="u1")
    app.text_input[0].set_value("a gift").run()
    [asked] = requests_of(sender)
    error = "`k` has to be <b>a whole number</b> from 1 to 200."
    refused = a_list("u1", request_id=asked.id, error=error)
    store.write(refusal_writes(refused))
    app.run()
    page = shown(app)
    assert "The list could not be made." in page
    assert "`k` has to be &lt;b&gt;a whole number&lt;/b&gt; from 1 to 200." in page
    assert ">a</h3>" in page


def test_a_first_request_that_is_refused_is_waited_for_no_longer(
    store: MemoryResults, open_page: OpenPage
) -> None:
    sender = RecordingSender()
    app = open_page(edges(store, sender), PAGE, user="u1")
    [asked] = requests_of(sender)
    store.write(refusal_writes(a_list("u1", request_id=asked.id, error="Send another one.")))
    app.run()
    assert "Send another one." in shown(app)
    assert "A list is being made" not in shown(app)


def test_a_refusal_of_another_request_says_nothing_of_this_one(
    store: MemoryResults, open_page: OpenPage
) -> None:
    store.write(refusal_writes(a_list("u1", request_id="before", error="Send another one.")))
    app = open_page(edges(store, RecordingSender()), PAGE, user="u1")
    assert "Send another one." not in shown(app)


@pytest.mark.parametrize(
    ("label", "kind"), [("Look", "click"), ("Add to cart", "add_to_cart"), ("Buy", "purchase")]
)
def test_what_is_done_goes_out_once_and_a_list_is_asked_for(
    store: MemoryResults, open_page: OpenPage, users: list[str], label: str, kind: str
) -> None:
    sender = RecordingSender()
    app = open_page(edges(store, sender), PAGE)
    scored = read_scores(store, users[0])
    assert scored is not None
    button(app, label)
    app.run()
    [told] = events_of(sender)
    first = scored.scores[0].item_id
    assert (told.user_id, told.kind, told.item_id, told.at) == (users[0], kind, first, NOW)
    [asked] = requests_of(sender)
    assert (asked.user_id, asked.k) == (users[0], 12)


def test_the_list_changes_in_place_and_says_what_moved(
    store: MemoryResults, open_page: OpenPage
) -> None:
    store.write(scores_writes(a_list("u1", "a", "b", "c")))
    app = open_page(edges(store, RecordingSender()), PAGE, user="u1")
    assert "tw-up" not in shown(app)
    store.write(scores_writes(a_list("u1", "c", "d", "a", scored_at=NOW + timedelta(seconds=1))))
    app.run()
    page = shown(app)
    assert "▲ 2" in page
    assert ">new<" in page
    assert "▼ 2" in page
    app.run()
    assert "▲ 2" in shown(app)  # until the next list


def test_a_comment_goes_out_with_its_words_and_leaves_an_empty_field(
    store: MemoryResults, open_page: OpenPage
) -> None:
    store.write(scores_writes(a_list("u1", "a")))
    sender = RecordingSender()
    app = open_page(edges(store, sender), PAGE, user="u1")
    app.text_area[0].set_value(" too heavy ").run()
    button(app, "Send")
    [told] = events_of(sender)
    assert (told.kind, told.item_id, told.text) == ("comment", "a", "too heavy")
    assert app.text_area[0].value == ""


def test_a_newer_list_waits_while_a_comment_is_being_written(
    store: MemoryResults, open_page: OpenPage
) -> None:
    store.write(scores_writes(a_list("u1", "a")))
    app = open_page(edges(store, RecordingSender()), PAGE, user="u1")
    app.session_state["writing_a"] = True
    app.run()
    assert "a newer one waits" not in shown(app)
    store.write(scores_writes(a_list("u1", "b", trigger="push")))
    app.run()
    assert "a newer one waits" in shown(app)
    assert ">a</h3>" in shown(app)
    app.text_area[0].set_value("too heavy").run()
    button(app, "Send")
    assert ">b</h3>" in shown(app)
    assert "a newer one waits" not in shown(app)


def test_a_search_asks_for_a_list_with_its_words_and_holds_it(
    store: MemoryResults, open_page: OpenPage
) -> None:
    store.write(scores_writes(a_list("u1", "a")))
    sender = RecordingSender()
    app = open_page(edges(store, sender), PAGE, user="u1")
    app.text_input[0].set_value("a <b>gift</b>").run()
    [asked] = requests_of(sender)
    assert asked.context == "a <b>gift</b>"
    assert events_of(sender) == []
    found = a_list("u1", "g1", request_id=asked.id, scored_at=NOW + timedelta(seconds=1))
    store.write(scores_writes(found))
    app.run()
    assert "for “a &lt;b&gt;gift&lt;/b&gt;”" in shown(app)
    pushed = a_list("u1", "p1", trigger="push", scored_at=NOW + timedelta(seconds=3))
    store.write(scores_writes(pushed))
    app.run()
    assert ">g1</h3>" in shown(app)
    app.text_input[0].set_value("").run()
    assert [one.context for one in requests_of(sender)] == ["a <b>gift</b>", None]
    assert ">p1</h3>" in shown(app)


def test_to_be_forgotten_is_asked_and_a_new_shopper_begins(
    store: MemoryResults, open_page: OpenPage, users: list[str]
) -> None:
    sender = RecordingSender()
    app = open_page(edges(store, sender), PAGE)
    button(app, "New shopper")
    before = in_address(app, "user")
    button(app, "Forget me")
    [told] = events_of(sender)
    assert (told.kind, told.user_id) == ("forget", before)
    assert in_address(app, "user") not in (before, users[0])


def test_kafka_away_is_said_and_nobody_is_taken_for_forgotten(
    store: MemoryResults, open_page: OpenPage, users: list[str]
) -> None:
    app = open_page(edges(store, AwaySender()), PAGE)
    button(app, "Forget them")
    assert "It could not be sent." in shown(app)
    assert in_address(app, "user") == users[0]
    button(app, "Look")
    assert "The list could not be asked for." in shown(app)


def test_markup_from_shoppers_and_items_shows_as_it_is(
    store: MemoryResults, open_page: OpenPage
) -> None:
    store.write(item_writes("a", Item(id="a", title=MARKUP, category=MARKUP)))
    said = BehaviourEvent(user_id=MARKUP, kind="comment", item_id="a", text=MARKUP, at=NOW)
    store.write(event_writes(said))
    hostile = a_list(MARKUP, "a", model=MARKUP)
    first = msgspec.structs.replace(hostile.scores[0], reason=MARKUP, parts={MARKUP: 0.4})
    store.write(scores_writes(msgspec.structs.replace(hostile, scores=(first,))))
    page = shown(open_page(edges(store, RecordingSender()), PAGE))
    assert "<script" not in page
    assert "<b>b</b>" not in page
    assert page.count("&lt;script&gt;") >= 6


def test_redis_away_is_said_once_and_the_page_returns(
    store: MemoryResults, open_page: OpenPage, users: list[str]
) -> None:
    stores: list[object] = [AwayStore()]
    app = open_page(Edges(lambda: stores[-1], RecordingSender, lambda: NOW), PAGE, user=users[0])  # type: ignore[arg-type,return-value]
    assert shown(app).count("Nothing can be read right now.") == 1
    stores.append(store)
    app.run()
    assert "Nothing can be read" not in shown(app)
    assert "tw-offer" in shown(app)
