from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from textwire.errors import DataFileError, RecordRejected
from textwire.recommendations.messages import BehaviourEvent, Item
from textwire.rows.columns import Columns
from textwire.rows.files import read_rows
from textwire.rows.row import Reading, Row, as_message
from textwire.rows.screening import Screening
from textwire.rows.tidying import tidied
from textwire.wire.message import Message


def test_ids_that_are_numbers_become_texts() -> None:
    row = {"user_id": 7, "item_id": 12.0, "kind": "click", "at": 1260759144}
    assert tidied(row, BehaviourEvent) == {
        "user_id": "7",
        "item_id": "12",
        "kind": "click",
        "at": datetime(2009, 12, 14, 2, 52, 24, tzinfo=UTC),
    }


@pytest.mark.parametrize("epoch", [1_500_000_000, "1500000000", 1_500_000_000_000, "1500000000000"])
def test_a_time_may_be_seconds_or_milliseconds(epoch: object) -> None:
    read = tidied({"at": epoch}, BehaviourEvent)["at"]
    assert read == datetime(2017, 7, 14, 2, 40, tzinfo=UTC)


def test_what_says_that_there_is_nothing_is_left_out() -> None:
    row = {"title": "Pan", "price": "NaN", "published_at": "null", "category": math.nan}
    assert tidied(row, Item) == {"title": "Pan"}


def test_prices_truths_tags_and_markup_are_read() -> None:
    row = {
        "title": "Pots &amp; pans",
        "description": "<p>Of <b>iron</b>.</p>",
        "price": "€39,90",
        "tags": "kitchen|steel",
        "available": "out of stock",
        "category": [["Home", "Kitchen"], ["Home", "Pots"]],
    }
    assert tidied(row, Item) == {
        "title": "Pots & pans",
        "description": "Of iron.",
        "price": 39.9,
        "tags": ["kitchen", "steel"],
        "available": False,
        "category": "Home > Kitchen > Pots",
    }


def items_in(path: Path, *mapping: str) -> tuple[list[Item], Screening[Item], list[str]]:
    told: list[str] = []
    screening = Screening(Item)
    rows = read_rows(path, Columns.parse(Item, mapping, ("id",)), Reading(tell=told.append))
    return list(screening.let_through(path, rows)), screening, told


def test_a_catalogue_with_other_names_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_text(
        'item_id,title,price,tags\nA1,Kettle,"€39,90",kitchen|steel\nA2,Toaster,,kitchen\n',
        encoding="utf-8",
    )
    items, screening, _ = items_in(path)
    assert items == [
        Item(id="A1", title="Kettle", price=39.9, tags=("kitchen", "steel")),
        Item(id="A2", title="Toaster", tags=("kitchen",)),
    ]
    assert screening.bad.count == 0


@pytest.mark.parametrize(
    "name",
    [
        *("asin", "sku", "product_id", "movieId", "Variant SKU", "StockCode", "Art.-Nr.", "g:id"),
        *("Item No.", "product_code", "UPC", "goodsId", "référence", "商品编号", "артикул"),
    ],
)
def test_ids_go_by_many_names(tmp_path: Path, name: str) -> None:
    path = tmp_path / "shop.csv"
    path.write_text(f"{name},title\n007,Pan\n", encoding="utf-8")
    items, _, _ = items_in(path)
    assert [item.id for item in items] == ["007"]


def test_a_shops_own_words_are_read(tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_text(
        "Artikelnummer;Produktname;Verkaufspreis;Schlagwörter;availability;item_group_id\n"
        'A1;Kessel;39,- €;"Küche, Stahl";https://schema.org/OutOfStock;K\n',
        encoding="utf-8",
    )
    items, screening, _ = items_in(path)
    assert items == [
        Item(
            id="A1",
            title="Kessel",
            price=39.0,
            tags=("Küche", "Stahl"),
            available=False,
            group="K",
        )
    ]
    assert screening.bad.count == 0


def test_a_product_is_a_title_only_where_another_column_is_the_id(tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_text("sku,product\nA1,Kettle\n", encoding="utf-8")
    items, _, _ = items_in(path)
    assert items == [Item(id="A1", title="Kettle")]


@pytest.mark.parametrize(
    "cell",
    [
        *("a|b", "a; b", "a, b", "a / b", "a > b", "#a #b", "{a,b}", "['a', 'b']", '["a", "b"]'),
        *("a、b", "a，b", "a；b", "a\tb", "a||b|"),
    ],
)
def test_tags_are_parted_as_programs_part_them(cell: str) -> None:
    assert as_item(tags=cell).tags == ("a", "b")


@pytest.mark.parametrize(
    ("cell", "truth"),
    [
        *(("in_stock", True), ("preorder", True), ("1", True), ("lieferbar", True)),
        *(("out_of_stock", False), ("ausverkauft", False), ("Discontinued", False), ("0", False)),
    ],
)
def test_whether_an_item_is_to_be_had_is_read_as_shops_say_it(cell: str, truth: bool) -> None:
    assert as_item(available=cell).available is truth


@pytest.mark.parametrize(
    ("called", "kind"),
    [
        *(("addtocart", "add_to_cart"), ("transaction", "purchase"), ("pv", "view")),
        *(("Purchase", "purchase"), ("orders", "purchase"), ("view_item", "view")),
        *(("refund", "return"), ("clicks", "click"), ("teleported", "teleported")),
    ],
)
def test_what_users_do_is_known_by_what_other_programs_call_it(called: str, kind: str) -> None:
    assert tidied({"kind": called, "item_id": "A"}, BehaviourEvent)["kind"] == kind


def test_a_log_of_invoices_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "CustomerID,StockCode,InvoiceDate\n17850,85123A,2010-12-01 08:26:00 UTC\n",
        encoding="utf-8",
    )
    columns = Columns.parse(BehaviourEvent, ("kind=:purchase",))
    (row,) = (row for row in read_rows(path, columns) if isinstance(row, Row))
    assert as_message(tidied(row.fields, BehaviourEvent), BehaviourEvent) == BehaviourEvent(
        user_id="17850",
        kind="purchase",
        item_id="85123A",
        at=datetime(2010, 12, 1, 8, 26, tzinfo=UTC),
    )


def test_further_columns_are_kept_and_what_cannot_be_is_named(tmp_path: Path) -> None:
    path = tmp_path / "shop.jsonl"
    path.write_text(
        '{"asin": "A", "title": "Pan", "brand": "Acme", "rating": 4.5, "image": {"url": "x"}}\n',
        encoding="utf-8",
    )
    items, screening, _ = items_in(path)
    assert items[0].more == {"brand": "Acme", "rating": 4.5}
    assert screening.left_out == {"image": 1}


def test_further_cells_that_are_numbers_are_numbers_and_ids_are_not(tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_text("id,title,rating,code,brand\nA,Pan,4.5,0012,n/a\n", encoding="utf-8")
    items, _, told = items_in(path)
    assert items[0].more == {"rating": 4.5, "code": "0012"}
    assert "`rating`, `code`, `brand` kept as further fields" in told[0]


def test_a_field_may_hold_the_same_in_every_row(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("userId,movieId,rating,timestamp\n1,31,2.5,1260759144\n", encoding="utf-8")
    columns = Columns.parse(BehaviourEvent, ("kind=:rating",))
    rows = [row for row in read_rows(path, columns) if isinstance(row, Row)]
    assert [tidied(row.fields, BehaviourEvent) for row in rows] == [
        {
            "kind": "rating",
            "user_id": "1",
            "item_id": "31",
            "value": 2.5,
            "at": datetime(2009, 12, 14, 2, 52, 24, tzinfo=UTC),
        }
    ]


def test_without_it_the_field_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("userId,movieId,timestamp\n1,31,1260759144\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"kind=COLUMN.*kind=:VALUE"):
        list(read_rows(path, Columns.parse(BehaviourEvent, ())))


def test_a_price_that_is_none_names_its_field() -> None:
    fields: dict[str, Any] = {"title": "Pan", "price": "cheap"}
    with pytest.raises(Exception, match="`price`: 'cheap' is no number"):
        tidied(fields, Item)


def as_item(**fields: Any) -> Item:
    return as_message(tidied({"id": "1", "title": "Pan", **fields}, Item), Item, strict=False)


@pytest.mark.parametrize(
    ("cell", "price"),
    [
        ("19.99", 19.99),
        ("$1,299.00", 1299.0),
        ("EUR 12,50", 12.5),
        ("1.299,50 €", 1299.5),
        ("2,500", 2500.0),
        ("1e3", 1000.0),
        (7, 7.0),
        ("NaN", None),
        (float("nan"), None),
        ("N/A", None),
        ("", None),
    ],
)
def test_a_price_is_read_as_people_and_programs_write_it(cell: Any, price: float | None) -> None:
    assert as_item(price=cell).price == price


def test_a_title_may_look_like_nothing_and_a_description_that_does_is_none() -> None:
    assert as_item(title="NaN").title == "NaN"
    assert as_item(description="NaN").description is None


def test_what_a_field_does_not_know_is_told_with_what_it_knows() -> None:
    with pytest.raises(
        RecordRejected, match=r"`kind`: 'bought' is none of add_to_cart, click, .*view"
    ):
        as_message({"user_id": "u", "kind": "bought"}, BehaviourEvent)


def test_what_is_null_is_left_out_and_an_empty_cell_is_no_truth_and_no_list() -> None:
    row = {"title": "Pan", "tags": None, "description": None, "available": "", "price": None}
    assert tidied(row, Item) == {"title": "Pan"}
    assert tidied({"title": "Pan", "tags": " "}, Item) == {"title": "Pan"}


def test_a_field_that_holds_a_number_or_a_text_keeps_texts() -> None:
    class Labelled(Message, frozen=True):
        label: str | int

    assert tidied({"label": "positive"}, Labelled) == {"label": "positive"}
    assert tidied({"label": "1"}, Labelled) == {"label": "1"}
