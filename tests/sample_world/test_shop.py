from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textwire.errors import DataError
from textwire.recommendations.messages import BehaviourEvent, Item
from textwire.sample_world.shop import sample_items, sample_tastes, simulate_shoppers
from textwire.sample_world.tastes import Shelf
from textwire.samples import samples_dir

START = datetime(2026, 3, 2, tzinfo=UTC)
FOLDER = samples_dir() / "recommendations"
ITEMS = sample_items(FOLDER, START)
TASTES = sample_tastes(FOLDER)
BY_ID = {item.id: item for item in ITEMS}

a_seed = st.integers(0, 10_000)
few_users = st.integers(1, 30)
some_worlds = settings(max_examples=8)


def world(seed: int, users: int = 20, events: int = 400) -> list[BehaviourEvent]:
    return list(simulate_shoppers(ITEMS, TASTES, START, users=users, events=events, seed=seed))


@pytest.fixture(scope="module")
def three_days() -> list[BehaviourEvent]:
    end = START + timedelta(hours=72)
    stream = simulate_shoppers(ITEMS, TASTES, START, seed=0)
    return [event for event in islice(stream, 40_000) if event.at and event.at < end]


@some_worlds
@given(seed=a_seed, users=few_users)
def test_events_come_in_order_of_time(seed: int, users: int) -> None:
    events = world(seed, users)
    assert len(events) == 400
    assert events[0].at >= START
    assert all(one.at <= other.at for one, other in pairwise(events))


@some_worlds
@given(seed=a_seed)
def test_the_same_seed_gives_the_same_events_and_ids(seed: int) -> None:
    events = world(seed)
    assert events == world(seed)
    assert len({event.id for event in events}) == len(events)


def test_a_longer_stream_begins_like_a_shorter_one() -> None:
    assert world(3, events=500)[:200] == world(3, events=200)


def test_another_seed_gives_other_events_and_other_ids() -> None:
    one, other = world(1), world(2)
    assert [event.item_id for event in one] != [event.item_id for event in other]
    assert not {event.id for event in one} & {event.id for event in other}


@some_worlds
@given(seed=a_seed, users=few_users)
def test_nobody_buys_the_same_item_twice(seed: int, users: int) -> None:
    bought = Counter(
        (event.user_id, event.item_id)
        for event in world(seed, users, events=1_500)
        if event.kind == "purchase"
    )
    assert bought
    assert max(bought.values()) == 1


@some_worlds
@given(seed=a_seed)
def test_nothing_is_seen_before_it_is_published_or_when_it_cannot_be_had(seed: int) -> None:
    for event in world(seed, users=60, events=1_500):
        if event.item_id is not None:
            item = BY_ID[event.item_id]
            assert item.available
            assert item.published_at <= event.at


@some_worlds
@given(seed=a_seed)
def test_every_event_is_valid_on_the_wire(seed: int) -> None:
    for event in world(seed):
        assert msgspec.json.decode(msgspec.json.encode(event), type=BehaviourEvent) == event
        assert (event.text is not None) == (event.kind in {"search", "comment"})
        assert (event.item_id is None) == (event.kind == "search")
        assert (event.value is not None) == (event.kind == "rating")
        assert event.value is None or event.value in {1.0, 2.0, 3.0, 4.0, 5.0}


@some_worlds
@given(seed=a_seed)
def test_what_is_bought_was_shown_and_what_is_rated_was_bought(seed: int) -> None:
    before = {"click": "impression", "add_to_cart": "click", "purchase": "add_to_cart"}
    before |= {"rating": "purchase", "comment": "rating", "share": "click"}
    seen: set[tuple[str, str | None, str]] = set()
    for event in world(seed, events=1_000):
        seen.add((event.user_id, event.item_id, event.kind))
        if event.kind in before:
            assert (event.user_id, event.item_id, before[event.kind]) in seen


def test_three_days_of_two_hundred_users_are_some_thirteen_thousand_events(
    three_days: list[BehaviourEvent],
) -> None:
    kinds = Counter(event.kind for event in three_days)
    assert 10_000 < len(three_days) < 17_000
    assert len({event.user_id for event in three_days}) > 180
    assert kinds["impression"] > kinds["click"] > kinds["add_to_cart"] > kinds["purchase"] > 300
    assert min(kinds[kind] for kind in ("comment", "share", "rating", "search")) > 50


def test_evenings_are_busier_than_nights(three_days: list[BehaviourEvent]) -> None:
    hours = Counter(event.at.hour for event in three_days)
    assert sum(hours[h] for h in range(19, 23)) > 5 * sum(hours[h] for h in range(1, 5))


def test_items_that_appear_during_the_world_are_found(three_days: list[BehaviourEvent]) -> None:
    to_come = {item.id for item in ITEMS if item.published_at > START and item.available}
    assert len(to_come & {event.item_id for event in three_days}) > len(to_come) / 2


def test_a_shop_without_items_is_only_searched() -> None:
    events = list(simulate_shoppers([], TASTES, START, users=5, events=20))
    assert {event.kind for event in events} == {"search"}


def test_a_shop_without_users_is_silent() -> None:
    assert list(simulate_shoppers(ITEMS, TASTES, START, users=0)) == []


def test_a_taste_is_drawn_most_by_its_themes_in_its_categories() -> None:
    shelf = Shelf(ITEMS, seed=0)
    for taste in TASTES:
        appeal = shelf.appeal(taste)
        best = shelf.items[max(range(len(appeal)), key=appeal.__getitem__)]
        assert best.category in {like.category for like in taste.likes}
        assert any(theme in best.text.lower() for theme in taste.themes)


def test_a_theme_is_found_as_a_word_and_in_the_plural() -> None:
    names = ["A cat", "Two cats", "Catch", "For left-handed cooks"]
    items = [Item(id=name, title=name) for name in names]
    shelf = Shelf(items, seed=0)
    taste = msgspec.structs.replace(TASTES[0], likes=(), themes=("cat", "left-handed"))
    assert [appeal > 0 for appeal in shelf.appeal(taste)] == [True, True, False, True]


def test_what_is_too_dear_appeals_less() -> None:
    items = [Item(id=str(price), title="Bread", price=price) for price in (10.0, 120.0, 1e9)]
    cheap, dear, absurd = Shelf(items, seed=0).appeal(TASTES[0])
    assert cheap > dear > absurd


def test_the_catalogue_is_as_its_readme_says() -> None:
    readme = (FOLDER / "README.md").read_text()
    assert f"| {len(ITEMS)} |" in readme
    assert f"| {len(TASTES)} |" in readme
    assert f"{len({item.category for item in ITEMS})} categories" in readme
    assert f"{sum(item.published_at > START for item in ITEMS)} appear" in readme
    assert f"{sum(item.description is None for item in ITEMS)} have no" in readme
    assert f"{sum(not item.available for item in ITEMS)} are not `available`" in readme


def test_items_have_ids_titles_and_descriptions_of_their_own() -> None:
    assert len(BY_ID) == len(ITEMS) == len({item.title for item in ITEMS})
    written = [item.description for item in ITEMS if item.description]
    assert len(set(written)) == len(written)
    assert all(15 <= len(text.split()) <= 45 for text in written)
    for item in ITEMS:
        assert msgspec.json.decode(msgspec.json.encode(item), type=Item) == item


def test_tastes_name_categories_that_exist_and_share_them_out() -> None:
    categories = {item.category for item in ITEMS}
    for taste in TASTES:
        assert {like.category for like in taste.likes} <= categories
        assert sum(like.weight for like in taste.likes) == pytest.approx(1.0)
        assert 6 <= len(taste.comments) <= 10
        assert 6 <= len(taste.searches) <= 10


def test_every_theme_crosses_into_some_item() -> None:
    shelf = Shelf(ITEMS, seed=0)
    for taste in TASTES:
        for theme in taste.themes:
            alone = msgspec.structs.replace(taste, likes=(), themes=(theme,), price_at_most=1e6)
            assert max(shelf.appeal(alone)) > 0, theme


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"items\.jsonl"):
        sample_items(tmp_path, START)
    (tmp_path / "tastes.jsonl").write_text('{"id": 3}\n')
    with pytest.raises(DataError, match=r"tastes\.jsonl"):
        sample_tastes(tmp_path)


def test_the_simulation_needs_no_torch() -> None:
    code = "import sys, textwire.sample_world.shop; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
