from __future__ import annotations

from datetime import UTC, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from dashboards.recommendations.item_cards import (
    best_score,
    match_of,
    offer_card,
    parts_list,
    telling_parts,
)
from dashboards.recommendations.profile_html import (
    KIND_WORDS,
    action_list,
    actions,
    taste_bars,
    taste_card,
    usual_price,
)
from dashboards.recommendations.shopping import ask_for_list, done, list_to_show, moves
from tests.dashboards.page_examples import MARKUP, NOW, RecordingSender
from tests.dashboards.parsed_html import Parsed
from textwire.errors import BrokerUnavailable
from textwire.recommendations.messages import (
    BehaviourEvent,
    EventKind,
    Item,
    ScoredItem,
    ScoredList,
    ScoreRequest,
)
from textwire.recommendations.results import Profile

PAN = Item(id="i1", title="Cast-iron bread pan", category="kitchen", price=54.9)


def card(one: ScoredItem, item: Item | None, rose: int | None, currency: str) -> str:
    return offer_card(one, match_of(one, best_score([one])), item, rose, currency)


def scored(item_id: str, rank: int = 1, **parts: float) -> ScoredItem:
    return ScoredItem(item_id=item_id, rank=rank, score=0.31, parts=parts, reason="Like bread")


def a_list(*item_ids: str, **changes: object) -> ScoredList:
    scores = tuple(scored(item_id, rank) for rank, item_id in enumerate(item_ids, 1))
    fields = {"user_id": "u1", "scores": scores, "model": "m", "scored_at": NOW}
    return ScoredList(**(fields | changes))  # type: ignore[arg-type]


def event(kind: EventKind, item_id: str | None = None, text: str | None = None) -> BehaviourEvent:
    return BehaviourEvent(user_id="u1", kind=kind, item_id=item_id, text=text, at=NOW)


def test_what_was_done_is_sent_before_the_list_is_asked_for() -> None:
    sender = RecordingSender()
    clicked = done("u1", "click", NOW, "i1")
    request = ask_for_list("u1", 12, NOW, lambda: sender, "gifts", [clicked])
    told, asked = sender.sent
    assert told == clicked
    assert isinstance(asked, ScoreRequest)
    assert (asked.id, asked.k, asked.context) == (request.request_id, 12, "gifts")


def test_a_wish_that_cannot_be_sent_says_why() -> None:
    def away() -> RecordingSender:
        raise BrokerUnavailable("Kafka does not answer.")

    assert ask_for_list("u1", 12, NOW, away).problem == "Kafka does not answer."


def test_a_wish_is_granted_by_its_list_or_by_a_newer_one() -> None:
    request = ask_for_list("u1", 12, NOW, RecordingSender)
    before = NOW - timedelta(seconds=1)
    assert not request.is_granted(None)
    assert not request.is_granted(a_list("a", scored_at=before))
    assert not request.is_granted(a_list("a", user_id="u2"))
    assert request.is_granted(a_list("a", scored_at=before, request_id=request.request_id))
    assert request.is_granted(a_list("a"))


def test_a_pushed_list_does_not_take_the_place_of_what_was_searched_for() -> None:
    searching = ask_for_list("u1", 12, NOW, RecordingSender, "gifts")
    found = a_list("a", request_id=searching.request_id)
    pushed = a_list("b", trigger="push")
    assert list_to_show(pushed, found, searching) == found
    assert list_to_show(pushed, found, None) == pushed
    assert list_to_show(pushed, None, searching) == pushed
    assert list_to_show(msgspec.structs.replace(pushed, user_id="u2"), found, searching) != found


def test_no_list_takes_the_place_of_one_of_which_somebody_writes() -> None:
    held, newer = a_list("a", "b"), a_list("b", "a")
    assert list_to_show(newer, held, None, writing=True) == held
    assert list_to_show(newer, held, None, writing=False) == newer
    assert list_to_show(newer, None, None, writing=True) == newer
    another = msgspec.structs.replace(newer, user_id="u2")
    assert list_to_show(another, held, None, writing=True) == another


ids = st.lists(st.text("abcdefgh", min_size=1, max_size=2), unique=True, max_size=12)


@given(ids, ids)
def test_moves_are_the_difference_of_ranks(before: list[str], after: list[str]) -> None:
    rose = moves(a_list(*before), a_list(*after))
    assert set(rose) == set(after)
    for rank, item_id in enumerate(after, 1):
        there = rose[item_id]
        assert (there is None) == (item_id not in before)
        if there is not None:
            assert before.index(item_id) + 1 - there == rank


def test_nothing_moved_where_no_list_of_the_same_user_was_before() -> None:
    assert moves(None, a_list("a")) == moves(a_list("b", user_id="u2"), a_list("a")) == {"a": 0}


def test_only_parts_in_which_items_differ_are_told() -> None:
    scores = [
        scored("a", 1, match=0.5, known_events=7.0),
        scored("b", 2, match=-0.8, known_events=7),
    ]
    assert telling_parts(scores) == {"match": 0.8}
    told = parts_list(scores[1], telling_parts(scores))
    assert "Match" in told
    assert "width:100%" in told
    assert "−0.80" in told


def test_an_item_that_left_the_catalogue_is_shown_by_its_id() -> None:
    shown = card(scored("i9"), None, 0, "€")
    assert "i9" in shown
    assert "no longer in the catalogue" in shown


def test_a_card_tells_what_moved() -> None:
    rose, fell, new, still = (card(scored("i1"), PAN, n, "€") for n in (3, -2, None, 0))
    assert "▲ 3" in rose
    assert "▼ 2" in fell
    assert ">new<" in new
    assert "tw-up" not in still
    assert "kitchen · € 54.90" in still


@given(st.text(min_size=1, max_size=80), st.text(max_size=80))
def test_a_card_has_the_same_elements_whatever_an_item_is_called(title: str, reason: str) -> None:
    one = msgspec.structs.replace(scored("i1"), reason=reason)
    item = Item(id="i1", title=title, category=title)
    assert Parsed(card(one, item, 0, "€")).tags == (Parsed(card(scored("i1"), PAN, 0, "€")).tags)


def test_things_that_were_only_seen_are_taken_together() -> None:
    events = [
        event("click", "i1"),
        event("impression", "i1"),
        event("impression", "i2"),
        event("purchase", "i1"),
    ]
    newest, seen, first = actions(events, 12)
    assert [newest.kind, seen.kind, first.kind] == ["purchase", "impression", "click"]
    assert seen.item_ids == ("i1", "i2")
    assert "2 items: Cast-iron bread pan, i2" in action_list([seen], {"i1": PAN}, UTC)


def test_every_kind_of_event_has_words() -> None:
    assert set(KIND_WORDS) == set(EventKind.__args__)  # type: ignore[attr-defined]


@given(st.dictionaries(st.text(max_size=20), st.floats(0, 1e6), max_size=12))
def test_tastes_are_bars_no_longer_than_their_track(weights: dict[str, float]) -> None:
    taste = taste_bars(weights, "Tags")
    widths = [int(row.width_percent) for row in taste.rows] if taste else []
    assert all(0 <= width <= 100 for width in widths)
    assert widths == sorted(widths, reverse=True)
    assert len(widths) <= 6


def test_a_price_level_is_a_mean_of_logarithms() -> None:
    profile = Profile(user_id="u", at=NOW, log_price=3.0, price_weight=2.0)
    assert round(usual_price(profile) or 0, 2) == 19.09
    assert usual_price(Profile(user_id="u", at=NOW)) is None


def test_words_from_outside_stay_text() -> None:
    profile = Profile(
        user_id="u", at=NOW, categories={MARKUP: 1.0}, tags={MARKUP: 2.0}, words=(MARKUP,)
    )
    item = Item(id="i1", title=MARKUP, category=MARKUP)
    one = scored("i1", 1, **{MARKUP: 0.4})
    shown = [
        taste_card(profile, MARKUP),
        action_list(actions([event("comment", "i1", MARKUP)], 5), {"i1": item}, UTC),
        card(one, item, None, MARKUP),
        parts_list(one, telling_parts([one])),
    ]
    for piece in shown:
        assert "<script" not in piece
        assert "<b>b" not in piece
        assert "&lt;script&gt;" in piece


def test_bars_stand_beside_the_best_of_the_list_and_words_say_how_probable_it_is() -> None:
    low = [msgspec.structs.replace(scored(f"i{n}"), score=score) for n, score in
           enumerate((0.0002, 0.0001, 0.0))]  # fmt: skip
    shown = [match_of(one, best_score(low)) for one in low]
    assert [one.width_percent for one in shown] == ["100", "50", "0"]
    assert [one.words for one in shown] == ["below 1 %", "below 1 %", "none"]
    assert "less than 0.05 %" in shown[0].told
    usual = msgspec.structs.replace(scored("i"), score=0.02)
    assert match_of(usual, 0.04).words == "1 in 50"
    assert match_of(msgspec.structs.replace(scored("i"), score=0.43), 0.43).words == "43 %"
    assert match_of(usual, 0.04, "trending").words == "0.02"
