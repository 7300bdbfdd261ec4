"""Data: what can be used is put in order, what cannot is said."""

import json
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.impressions import find_moments
from pipelines.recommendations.own_data import OwnShop
from pipelines.recommendations.samples import SampleShop
from pipelines.recommendations.split import split_by_time
from tests.pipelines.recommendations.small_shop import (
    START,
    made,
    small_events,
    small_items,
    small_shop,
)
from textwire.errors import DataError
from textwire.recommendations.messages import BehaviourEvent
from textwire.samples import samples_dir

GAP = timedelta(minutes=30)


def test_events_are_put_in_order_of_time() -> None:
    data = ShopData(small_items(), small_events()[::-1]).checked()
    assert [event.at for event in data.events] == sorted(event.at for event in data.events)


def test_nothing_to_recommend_is_said() -> None:
    with pytest.raises(DataError, match="no items"):
        ShopData([], small_events()).checked()


def test_events_without_a_time_are_refused() -> None:
    events = [*small_events(), BehaviourEvent(user_id="u", kind="click", item_id="card1")]
    with pytest.raises(DataError, match=r"1 of .* have no time `at`.*--map at=COLUMN"):
        ShopData(small_items(), events).checked()


def test_events_without_a_click_or_purchase_are_refused() -> None:
    shown = [event for event in small_events() if event.kind == "impression"]
    with pytest.raises(DataError, match=r"0 clicks.*kinds found: impression.*--map kind=COLUMN"):
        ShopData(small_items(), shown).checked()


def test_a_log_of_stars_alone_is_learned_from() -> None:
    rated = [
        msgspec.structs.replace(event, kind="rating", value=float(2 + n % 4))
        for n, event in enumerate(small_events())
        if event.kind == "click"
    ]
    data = ShopData(small_items(), rated).checked()
    liked = [event for event in data.events if data.likes(event)]
    assert {event.value for event in liked} == {4.0, 5.0}
    assert any(moment.liked for moment in find_moments(data, GAP))


def test_beside_clicks_a_rating_is_no_wish() -> None:
    rating = msgspec.structs.replace(small_events()[0], kind="rating", value=5.0)
    data = ShopData(small_items(), [*small_events(), rating])
    assert not data.likes(rating)


def test_words_about_an_item_do_not_stand_in_its_place() -> None:
    data = small_shop()
    (card, *_) = small_items()
    said = BehaviourEvent(user_id="u", kind="purchase", item_id=card.id, text="Five stars")
    assert data.text_of(said) == card.text
    assert data.text_of(msgspec.structs.replace(said, item_id="gone")) == "Five stars"


def test_clicks_on_unknown_items_alone_are_refused() -> None:
    events = [
        msgspec.structs.replace(event, item_id=f"other-{event.item_id}")
        for event in small_events()
        if event.kind == "click"
    ]
    with pytest.raises(DataError, match=r"'other-.*same ids"):
        ShopData(small_items(), events).checked()


def test_a_time_too_short_to_divide_is_said() -> None:
    events = [made(0, "click", START, f"card{n}") for n in range(10)] * 2
    data = ShopData(small_items(), events).checked()
    with pytest.raises(DataError, match=r"train part.*longer time"):
        split_by_time(data, find_moments(data, GAP), 0.7, 0.15)


def test_parts_follow_one_another_and_share_no_event() -> None:
    data = small_shop()
    parts = split_by_time(data, find_moments(data, GAP), 0.6, 0.2)
    assert max(m.until for m in parts.train) < min(m.at for m in parts.calibration)
    assert max(m.until for m in parts.calibration) < min(m.at for m in parts.test)


def test_the_sample_shop_is_the_same_each_time_and_can_be_divided() -> None:
    source = SampleShop(samples_dir() / "recommendations", users=30, hours=48)
    data = source.read()
    assert data.events == source.read().events
    assert split_by_time(data, find_moments(data, GAP), 0.7, 0.15).test
    assert all(path.is_file() for path in source.files.values())


def test_own_files_are_read_by_their_columns(tmp_path: Path) -> None:
    items, events = tmp_path / "items.jsonl", tmp_path / "events.csv"
    rows = [
        {"sku": item.id, "title": item.title, "price": item.price, "extra": 1}
        for item in small_items()
    ]
    items.write_text("\n".join(map(json.dumps, rows)))
    lines = [
        f"{e.user_id},{e.kind},{e.item_id or ''},{e.at:%Y-%m-%dT%H:%M:%SZ},{e.text or ''}"
        for e in small_events()
    ]
    events.write_text("\n".join(["customer,kind,item_id,when,text", *lines]))
    source = OwnShop(events, items, ("user_id=customer", "at=when"), ("id=sku",))
    data = source.read()
    assert len(data.events) == len(small_events())
    assert data.events[0].id
    assert data.by_id["card0"].price is None
    assert set(source.files.values()) == {items, events}


def test_a_row_that_cannot_be_used_is_named_by_line(tmp_path: Path) -> None:
    items, events = tmp_path / "items.jsonl", tmp_path / "events.csv"
    items.write_text('{"id": "a", "title": "a"}')
    events.write_text("user_id,kind,item_id,at\nu1,gazed,a,2026-11-02T00:00:00Z\n")
    with pytest.raises(DataError, match=r"events\.csv"):
        OwnShop(events, items).read()


def test_bad_rows_are_passed_over_where_that_is_wished(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items, events = tmp_path / "items.jsonl", tmp_path / "events.csv"
    items.write_text('{"id": "a", "title": "a"}\n{"id": "b"}\n')
    events.write_text("user_id,kind,item_id,at\n" + "u1,click,a,2026-11-02\n" * 10 + ",,,x\n")
    with pytest.raises(DataError, match=r"line 2.*\n.*--skip-bad"):
        OwnShop(events, items).read()
    data = OwnShop(events, items, skip_bad=True).read()
    assert (len(data.items), len(data.events)) == (1, 10)
    assert "Passed over 1 bad of 2 rows" in capsys.readouterr().err


def test_events_about_items_that_are_not_there_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    items, events = tmp_path / "items.jsonl", tmp_path / "events.csv"
    items.write_text('{"id": "a", "title": "a"}\n{"id": "b", "title": "b"}\n')
    rows = ["u1,click,a,2026-11-02", "u1,click,b,2026-11-02"] * 5
    events.write_text("\n".join(["user_id,kind,item_id,at", *rows, "u1,click,gone,2026-11-02"]))
    OwnShop(events, items).read()
    assert "1 of 11 events are about items that are not in the catalogue, such as `gone`" in (
        capsys.readouterr().err
    )


def test_what_rows_are_said_to_be_goes_before_what_their_columns_imply(tmp_path: Path) -> None:
    items, events = tmp_path / "items.jsonl", tmp_path / "events.csv"
    items.write_text('{"id": "a", "title": "a"}\n')
    events.write_text("user_id,item_id,stars,at\n" + "u1,a,5,2026-11-02\n" * 10)
    assert {event.kind for event in OwnShop(events, items).read().events} == {"purchase"}
    rated = OwnShop(events, items, kind="rating").read()
    assert {event.kind for event in rated.events} == {"rating"}


def test_the_encoder_and_the_item_model_know_none_of_what_their_ranker_learns_from() -> None:
    data = small_shop()
    parts = split_by_time(data, find_moments(data, GAP), 0.7, 0.15)
    first = parts.first_of_ranker
    assert parts.of_ranker[0] is first
    assert parts.before_ranker
    assert all(moment.until < first.at for moment in parts.before_ranker)
    assert {id(m) for m in (*parts.before_ranker, *parts.of_ranker)} <= {id(m) for m in parts.train}


def test_a_second_row_of_an_item_is_named_where_it_says_something_else(tmp_path: Path) -> None:
    items, events = tmp_path / "items.csv", tmp_path / "events.csv"
    items.write_text("id,title\n1,Bowl\n2,Spoon\n1,Bowl\n2,Fork\n")
    rows = (f"u{n},{1 + n % 2},2025-03-0{1 + n % 9}" for n in range(12))
    events.write_text("\n".join(["user_id,item_id,at", *rows]))
    with pytest.raises(DataError, match=r"line 5: its id '2' stands above"):
        OwnShop(events, items, kind="purchase").read()
    shop = OwnShop(events, items, kind="purchase", skip_bad=True).read()
    assert [item.title for item in shop.items] == ["Bowl", "Spoon"]
