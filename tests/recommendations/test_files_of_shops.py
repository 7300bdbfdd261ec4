"""Files as shop systems export them, read without a word of where what stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from textwire.errors import DataFileError, RecordRejected
from textwire.recommendations.messages import BehaviourEvent, Item
from textwire.rows.columns import Columns
from textwire.rows.files import read_rows
from textwire.rows.row import BadRow, Reading, Row
from textwire.rows.screening import Screening, as_named
from textwire.rows.tidying import tidied
from textwire.wire.message import Message

M = TypeVar("M", bound=Message)
NEW_YEAR = datetime(2024, 1, 5, 10, 22, 33, tzinfo=UTC)


def read(
    folder: Path, message: type[M], text: str, name: str = "x.csv", **constants: str
) -> list[M]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    columns = Columns.parse(message, [f"{field}=:{value}" for field, value in constants.items()])
    rows: list[Row | BadRow] = list(read_rows(path, columns))
    assert all(isinstance(row, Row) for row in rows), rows
    fields: list[dict[str, Any]] = [row.fields for row in rows if isinstance(row, Row)]
    return [msgspec.convert(tidied(one, message), message, strict=False) for one in fields]


def test_a_product_of_shopify_has_its_title_beside_the_first_variant(tmp_path: Path) -> None:
    small, medium, kettle = read(
        tmp_path,
        Item,
        "Handle,Title,Body (HTML),Type,Tags,Published,Option1 Value,Variant SKU,"
        "Variant Inventory Qty,Variant Price,Image Src\n"
        'polo,Polo shirt,<p>Soft</p>,Shirt,"cotton, summer",TRUE,S,P-S,5,39.90,http://x/1.png\n'
        "polo,,,,,,M,P-M,0,41.90,\n"
        "polo,,,,,,,,,,http://x/2.png\n"
        "kettle,Kettle,,Kitchen,,false,,K-1,-2,59.00,\n",
    )
    assert (small.id, medium.id, kettle.id) == ("P-S", "P-M", "K-1")
    assert (medium.title, medium.description, medium.tags) == (
        "Polo shirt",
        "Soft",
        ("cotton", "summer"),
    )
    assert small.group == medium.group == "polo"
    assert (medium.price, medium.on_sale) == (41.9, False)
    # Not published, and oversold.
    assert (kettle.available, kettle.stock, kettle.on_sale) == (False, -2.0, False)
    assert small.published_at is None


def test_woocommerce_says_the_price_in_one_of_two_columns(tmp_path: Path) -> None:
    parent, size, kettle = read(
        tmp_path,
        Item,
        "ID,Type,SKU,Name,Published,Short description,Description,In stock?,Stock,Sale price,"
        "Regular price,Categories,Tags,Parent\n"
        "12,variable,POLO,Polo shirt,1,Soft,,1,,,,Clothing,cotton,\n"
        "13,variation,POLO-S,Polo shirt - S,1,,,1,4,,39.90,,,POLO\n"
        "14,simple,KET,Kettle,-1,Boils,Boils water,1,2,49.90,59.90,Kitchen,,\n",
    )
    assert (parent.description, parent.category, parent.price) == ("Soft", "Clothing", None)
    assert (size.price, size.group, size.category) == (39.9, "POLO", None)
    assert (kettle.price, kettle.description, kettle.available) == (49.9, "Boils water", False)


def test_a_parent_of_woocommerce_is_of_the_group_of_its_variations(tmp_path: Path) -> None:
    polo, small, cup, blue, kettle = read(
        tmp_path,
        Item,
        "ID,Type,SKU,Name,Regular price,Categories,Parent\n"
        "12,variable,POLO,Polo shirt,,Clothing,\n"
        "13,variation,POLO-S,Polo shirt - S,39.90,,POLO\n"
        "15,variable,,Cup,,Kitchen,\n"
        "16,variation,,Cup - blue,5.00,,id:15\n"
        "17,simple,KET,Kettle,59.90,Kitchen,\n",
    )
    assert polo.group == small.group == "POLO"
    assert cup.group == blue.group == "15"
    assert kettle.group is None


def test_of_several_categories_the_one_that_says_most_counts_and_the_others_are_tags(
    tmp_path: Path,
) -> None:
    first, second, third = read(
        tmp_path,
        Item,
        "ID,Name,Categories,Tags\n"
        '1,Cold Ink,"New, Books, Books > Crime","novel, dark"\n'
        "2,The Ferry,Books > Crime,\n"
        '3,Purse,"Bags\\, Purses",\n',
    )
    assert (first.category, first.tags) == ("Books > Crime", ("novel", "dark", "New"))
    assert (second.category, second.tags) == ("Books > Crime", ())
    assert third.category == "Bags, Purses"


def test_one_category_may_have_a_comma_in_its_name(tmp_path: Path) -> None:
    (item,) = read(tmp_path, Item, 'id,title,category\n1,Bag,"Bags > Handbags, Wallets"\n')
    assert item.category == "Bags > Handbags, Wallets"


def test_magento_has_american_days_and_a_type_beside_categories(tmp_path: Path) -> None:
    bag, sold_out = read(
        tmp_path,
        Item,
        "sku,product_type,categories,name,description,short_description,price,created_at,qty,"
        "is_in_stock\n"
        'MB01,simple,"Default/Gear,Default/Bags",Duffle Bag,,Sporty,34.0000,'
        '"1/13/24, 5:11 AM",100.0000,1\n'
        'MB02,simple,Default/Gear,Other Bag,Plain,,45.0000,"3/4/24, 5:11 PM",0.0000,0\n',
    )
    assert (bag.id, bag.category, bag.description) == ("MB01", "Default/Gear", "Sporty")
    assert bag.tags == ("Default/Bags",)
    assert bag.published_at == datetime(2024, 1, 13, 5, 11, tzinfo=UTC)
    assert sold_out.published_at == datetime(2024, 3, 4, 17, 11, tzinfo=UTC)
    assert (bag.on_sale, sold_out.on_sale) == (True, False)


def test_an_order_of_shopify_has_its_time_beside_the_first_line(tmp_path: Path) -> None:
    events = read(
        tmp_path,
        BehaviourEvent,
        "Name,Email,Created at,Lineitem quantity,Lineitem name,Lineitem sku\n"
        "#1,a@b.c,2024-01-05 05:22:33 -0500,1,Polo,P-S\n"
        "#1,a@b.c,,1,Kettle,K-1\n",
        kind="purchase",
    )
    assert [(e.user_id, e.item_id, e.at) for e in events] == [
        ("a@b.c", "P-S", NEW_YEAR),
        ("a@b.c", "K-1", NEW_YEAR),
    ]


def test_an_event_of_google_analytics_names_several_items(tmp_path: Path) -> None:
    events = read(
        tmp_path,
        BehaviourEvent,
        '{"event_date":"20240105","event_timestamp":"1704450153000000","event_name":"view_item",'
        '"user_id":null,"user_pseudo_id":"12.3","items":[{"item_id":"A1","price":9}]}\n'
        '{"event_date":"20240105","event_timestamp":"1704450153000000","event_name":"purchase",'
        '"user_id":"u7","user_pseudo_id":"12.3","items":[{"item_id":"A1"},{"item_id":"A2"}]}\n',
        "x.jsonl",
    )
    assert [(e.user_id, e.kind, e.item_id, e.at) for e in events] == [
        ("guest:user_pseudo_id:12.3", "view", "A1", NEW_YEAR),
        ("u7", "purchase", "A1", NEW_YEAR),
        ("u7", "purchase", "A2", NEW_YEAR),
    ]


def test_lines_of_one_order_have_ids_of_their_own(tmp_path: Path) -> None:
    order = (
        '[{"id":7,"user_id":"u1","kind":"purchase","line_items":[{"id":1,"sku":"A"},{"sku":"B"}]}]'
    )
    events = read(tmp_path, BehaviourEvent, order, "x.json")
    assert [(e.id, e.item_id) for e in events] == [("7/1", "A"), ("7/2", "B")]


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("Product Added", "add_to_cart"),
        ("Order Completed", "purchase"),
        ("Product Viewed", "view"),
        ("ViewContent", "view"),
        ("Products Searched", "search"),
        ("refund", "return"),
    ],
)
def test_events_of_segment_and_others_are_known(tmp_path: Path, event: str, kind: str) -> None:
    row = {"event": event, "userId": None, "anonymousId": "an1", "product_id": "A1", "query": "a"}
    line = msgspec.json.encode(row).decode()
    (one,) = read(tmp_path, BehaviourEvent, line, "x.jsonl")
    assert (one.user_id, one.kind) == ("guest:anonymousid:an1", kind)


def test_who_has_no_user_id_is_a_guest_by_what_else_the_row_names(tmp_path: Path) -> None:
    events = read(
        tmp_path,
        BehaviourEvent,
        "user_id,event,product_id,session_id,order_id,client_id,customer_email_hash\n"
        "17,view,A,s1,,c1,\n"
        ",view,A,s1,,,\n"
        "0,purchase,A,s1,17,,\n"
        "null,purchase,A,,17,,\n"
        ",purchase,B,,17,,\n"
        ",purchase,B,s2,18,c1,\n"
        ",purchase,B,s2,18,c1,ab12\n",
    )
    assert [e.user_id for e in events] == [
        "17",
        # An order's lines are of one guest.
        *["guest:session_id:s1"] * 4,
        "guest:client_id:c1",
        "guest:customer_email_hash:ab12",
    ]


def test_the_lines_of_an_invoice_without_a_customer_belong_together(tmp_path: Path) -> None:
    events = read(
        tmp_path,
        BehaviourEvent,
        "InvoiceNo,StockCode,InvoiceDate,CustomerID\n"
        "536365,A,2010-12-01,17850\n536366,A,2010-12-01,\n536366,B,2010-12-01,\n",
        kind="purchase",
    )
    assert [e.user_id for e in events] == ["17850", *["guest:invoiceno:536366"] * 2]


def test_who_has_neither_is_still_told(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("user_id,kind,item_id,order_id\n,view,A,\n")
    [row] = read_rows(path, Columns(BehaviourEvent))
    assert row == BadRow(2, "`user_id` is empty")


def test_a_visitor_is_a_user_only_where_a_log_names_no_users(tmp_path: Path) -> None:
    alone = '{"visitorid": 7, "event": "view", "itemid": 3}\n'
    assert [e.user_id for e in read(tmp_path, BehaviourEvent, alone, "x.jsonl")] == ["7"]
    # As BigQuery exports it: what is null is left out.
    beside = '{"userid": "7", "event": "view", "itemid": 3}\n' + alone
    found = read(tmp_path, BehaviourEvent, beside, "x.jsonl")
    assert [e.user_id for e in found] == ["7", "guest:visitorid:7"]


def test_an_order_alone_is_a_guest(tmp_path: Path) -> None:
    lines = "order_id,sku\n7,A\n7,B\n"
    found = read(tmp_path, BehaviourEvent, lines, kind="purchase")
    assert [e.user_id for e in found] == ["guest:order_id:7"] * 2


def reviewed(**more: Any) -> str:
    """A review as Amazon publishes it."""
    row = {
        "overall": 5.0,
        "verified": True,
        "reviewTime": "01 5, 2024",
        "reviewerID": "A1",
        "asin": "B01",
        "reviewerName": "J. Doe",
        "reviewText": "Five stars",
        "summary": "Five Stars",
        "unixReviewTime": 1704450153,
    }
    return msgspec.json.encode({**row, **more}).decode()


def test_reviews_of_amazon_are_purchases_with_stars(tmp_path: Path) -> None:
    lines = f"{reviewed()}\n{reviewed(asin='B02', overall=1.0, reviewText=None)}\n"
    first, second = read(tmp_path, BehaviourEvent, lines, "x.json")
    assert (first.user_id, first.item_id, first.kind) == ("A1", "B01", "purchase")
    assert (first.value, first.text, first.at) == (5.0, "Five stars", NEW_YEAR)
    assert (second.value, second.text) == (1.0, None)
    (rated,) = read(tmp_path, BehaviourEvent, reviewed(), "x.json", kind="rating")
    assert rated.kind == "rating"


@pytest.mark.parametrize(
    "table",
    [
        "userId,movieId,rating,timestamp\nA1,B01,4.5,1704450153\n",
        '"User-ID";"ISBN";"Book-Rating";"Date"\r\n"A1";"B01";"4.5";"2024-01-05T10:22:33Z"\r\n',
    ],
)
def test_a_table_of_ratings_needs_no_word_of_what_they_are(tmp_path: Path, table: str) -> None:
    (event,) = read(tmp_path, BehaviourEvent, table)
    assert (event.user_id, event.item_id, event.value) == ("A1", "B01", 4.5)
    assert (event.kind, event.at) == ("purchase", NEW_YEAR)


def test_what_rows_are_is_told_where_nothing_in_them_says_it(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("user,item,stars\nu1,A,5\n")
    told: list[str] = []
    list(read_rows(path, Columns(BehaviourEvent), Reading(tell=told.append)))
    assert (
        "`kind` is `purchase` in every row, since no column says it and there is `stars`"
        in (told[0])
    )
    path.write_text("user,item,day\nu1,A,2024-01-05\n")
    with pytest.raises(DataFileError, match=r"--map kind=:VALUE`, where VALUE is one of .*click"):
        list(read_rows(path, Columns(BehaviourEvent)))
    path.write_text("user,item,stars,event\nu1,A,5,rate\n")
    (row,) = read_rows(path, Columns(BehaviourEvent))
    assert isinstance(row, Row)
    assert row.fields["kind"] == "rate"


def test_products_of_amazon_have_lists_of_texts_and_paths(tmp_path: Path) -> None:
    line = (
        '{"category": ["Office", "Pens"], "description": ["Writes &amp; draws.", "<p>Blue</p>"],'
        '"title": "Pen &quot;One&quot;", "feature": ["Blue"], "price": "$12.99 - $15.99",'
        '"rank": [">#1 in Office (See Top 100)"], "asin": "B01", "details": {"Weight:": "1 oz"}}\n'
        '{"category": [], "description": [], "title": "Pad", "price": "", "asin": "B02",'
        '"details": {}}\n'
        '{"title": "Clip", "asin": "B03", "details": {"Weight:": "1 oz"}}\n'
    )
    path = tmp_path / "meta.json"
    path.write_text(line)
    screening = Screening(Item)
    pen, pad, clip = screening.let_through(path, read_rows(path, Columns(Item, made_up=("id",))))
    assert set(screening.left_out) == {"details"}
    assert (pen.id, pen.title, pen.price) == ("B01", 'Pen "One"', 12.99)
    assert (pen.category, pen.description) == ("Office > Pens", "Writes & draws.\n\nBlue")
    assert (pad.category, pad.description, pad.price) == (None, None, None)
    assert clip.description is None


def test_products_as_python_prints_them_are_read(tmp_path: Path) -> None:
    lines = (
        "{'asin': '01', 'categories': [['Books'], ['Books', 'Crime'], ['New']], 'price': 9.99,"
        " 'title': \"A Killer's Day\", 'salesRank': None}\n"
        "{'asin': '02', 'categories': [['Films', 'Drama']], 'title': 'The Ferry'}\n"
    )
    first, second = read(tmp_path, Item, lines, "meta.json")
    assert (first.title, first.category, first.tags) == (
        "A Killer's Day",
        "Books > Crime",
        ("New",),
    )
    assert second.category == "Films > Drama"
    table = (
        "asin,title,description,categories\n"
        "01,Pen,\"['Writes.', 'Blue']\",\"[['Office', 'Pens']]\"\n02,Pad,[],[]\n"
    )
    pen, pad = read(tmp_path, Item, table)
    assert (pen.description, pen.category) == ("Writes.\n\nBlue", "Office > Pens")
    assert (pad.description, pad.category) == (None, None)


HISTORIES = {
    "x.csv": "user_id,history_item_ids,history_timestamps\nu1,7 9,1704450153 1704450154\n",
    "y.csv": "user_id;item_ids;times\nu1;\"['7', '9']\";[1704450153, 1704450154]\n",
    "x.jsonl": '{"user": "u1", "history": [7, 9], "timestamps": [1704450153, 1704450154]}\n',
    "y.jsonl": '{"user": "u1", "items": ["7", "9"], "times": "1704450153,1704450154"}\n',
}


@pytest.mark.parametrize("name", HISTORIES)
def test_a_users_history_in_one_row_is_an_event_of_each_item(tmp_path: Path, name: str) -> None:
    events = read(tmp_path, BehaviourEvent, HISTORIES[name], name, kind="purchase")
    assert [(e.user_id, e.item_id) for e in events] == [("u1", "7"), ("u1", "9")]
    assert events[0].at == NEW_YEAR
    assert events[1].at == NEW_YEAR + timedelta(seconds=1)


def test_a_history_beside_the_item_that_followed_is_no_event(tmp_path: Path) -> None:
    table = "user_id,item_id,history_item_ids\nu1,5,7 9\n"
    assert [e.item_id for e in read(tmp_path, BehaviourEvent, table, kind="purchase")] == ["5"]


def test_a_history_with_too_few_times_is_told_and_an_empty_one_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(
        '{"user": "u1", "id": "s1", "history": [7, 9], "timestamps": [1], "kind": "view"}\n'
        '{"user": "u1", "history": [], "kind": "view"}\n'
        '{"user": "u1", "id": "s2", "history": [7, 9], "kind": "view"}\n'
    )
    wrong, *good = read_rows(path, Columns(BehaviourEvent))
    assert wrong == BadRow(1, "`history` holds 2 and `timestamps` 1: each needs one of its own")
    assert [row.fields["id"] for row in good if isinstance(row, Row)] == ["s2/1", "s2/2"]


def test_recipes_as_pages_describe_them_are_of_their_own_category(tmp_path: Path) -> None:
    (pie,) = read(
        tmp_path,
        Item,
        '[{"@context": "https://schema.org", "@type": "Recipe", "@id": "https://ex.org/r/1", '
        '"name": "Apple pie", "recipeCategory": "Dessert", "keywords": "apple, pie", '
        '"datePublished": "2025-10-01"}]',
        "recipes.json",
    )
    assert (pie.id, pie.title, pie.category) == ("https://ex.org/r/1", "Apple pie", "Dessert")
    assert pie.tags == ("apple", "pie")
    assert pie.published_at == datetime(2025, 10, 1, tzinfo=UTC)


def test_what_a_page_says_of_its_form_is_no_category(tmp_path: Path) -> None:
    (kettle,) = read(
        tmp_path, Item, '[{"@type": "Product", "sku": "K", "name": "Kettle"}]', "products.json"
    )
    assert kettle.category is None


def test_a_german_trade_has_its_own_words(tmp_path: Path) -> None:
    drill, paint = read(
        tmp_path,
        Item,
        "Artikelnummer;Bezeichnung;Langtext;Preis;Bestand;Warengruppe\n"
        '00471;Bohrer 8 mm;Für Holz;"3,90 €";12;Zubehör\n'
        '00472;Farbe 10 l;;"1.039,00 €";0;Farben\n',
    )
    assert (drill.id, drill.description, drill.category) == ("00471", "Für Holz", "Zubehör")
    assert (paint.price, paint.on_sale) == (1039.0, False)


def test_a_chinese_shop_has_its_own_words(tmp_path: Path) -> None:
    pan, tea = read(
        tmp_path,
        Item,
        "商品编号,商品名称,价格,类目,标签,库存\n"
        "10001,铸铁平底锅,￥199.00,厨房用品,锅具、铸铁,12\n"
        "10002,龙井茶,128元,茶叶,绿茶；明前,0\n",
    )
    assert (pan.id, pan.category, pan.tags, pan.price) == (
        "10001",
        "厨房用品",
        ("锅具", "铸铁"),
        199.0,
    )
    assert (tea.price, tea.on_sale) == (128.0, False)
    events = read(
        tmp_path,
        BehaviourEvent,
        "用户编号,商品编号,行为类型,时间\n"
        "甲,10001,浏览,2025-11-11 10:00:00\n"
        "甲,10001,加购,2025-11-11 10:01:00\n"
        "乙,10002,收藏,2025-11-11 10:06:00\n",
        "log.csv",
    )
    assert [event.kind for event in events] == ["view", "add_to_cart", "like"]
    assert (events[0].user_id, events[0].item_id) == ("甲", "10001")


def test_news_have_an_abstract_and_a_category_within_another(tmp_path: Path) -> None:
    (article,) = read(
        tmp_path,
        Item,
        "newsId\tcategory\tsubcategory\ttitle\tabstract\n"
        "N5\tlifestyle\troyals\tThe brands\tShop them\n",
        "news.tsv",
    )
    assert (article.id, article.category, article.tags) == ("N5", "lifestyle", ("royals",))
    assert article.description == "Shop them"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.csv", "sku,name,brand,description\nP1,Piano,,\nP2,,Harrow,\nP3,,,Of cedar\n"),
        (
            "x.jsonl",
            '{"sku": "P1", "name": "Piano"}\n{"sku": "P2", "brand": "Harrow"}\n'
            '{"sku": "P3", "name": null, "description": "Of cedar"}\n',
        ),
    ],
)
def test_rows_without_a_title_are_taken_in_with_what_they_have(
    tmp_path: Path, name: str, text: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    screening = Screening(Item)
    columns = Columns.parse(Item, [], made_up=("id",))
    items = list(screening.let_through(path, read_rows(path, columns)))
    assert [item.title for item in items] == ["Piano", "Harrow", "Of cedar"]
    assert screening.stood_in.total() == 2


def test_records_are_called_by_their_album(tmp_path: Path) -> None:
    (record,) = read(tmp_path, Item, "sku,artist,album\nLP1,Nina Simone,Pastel Blues\n")
    assert (record.title, record.more) == ("Pastel Blues", {"artist": "Nina Simone"})


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        *(
            ("fav", "like"),
            ("add_to_wishlist", "like"),
            ("bookmark", "like"),
            ("thumbs_up", "like"),
        ),
        *(("read", "view"), ("play", "view"), ("hide", "dislike"), ("unlike", "remove_from_cart")),
    ],
)
def test_what_readers_and_listeners_do_is_known(tmp_path: Path, said: str, kind: str) -> None:
    (event,) = read(tmp_path, BehaviourEvent, f"user,track,action\nu,t,{said}\n")
    assert (event.kind, event.item_id) == (kind, "t")


def test_a_product_of_an_api_has_its_tags_and_categories_by_name(tmp_path: Path) -> None:
    line = (
        '{"id": 4, "name": "Oolong", "price": "3.50 - 4.25", "categories": [{"id": 1, "name": '
        '"Tea"}], "tags": [{"id": 8, "name": "loose"}, {"id": 9, "name": "green"}]}'
    )
    (tea,) = read(tmp_path, Item, line, "x.jsonl")
    assert (tea.id, tea.price, tea.category, tea.tags) == ("4", 3.5, "Tea", ("loose", "green"))


def test_amazons_path_of_categories_counts_before_its_shelf(tmp_path: Path) -> None:
    line = '{"parent_asin": "B7", "title": "Oolong", "main_category": "Grocery", '
    line += '"categories": ["Grocery & Food", "Drinks", "Tea"], "price": "\\u2014"}'
    (tea,) = read(tmp_path, Item, line, "x.jsonl")
    assert (tea.id, tea.category, tea.price) == ("B7", "Grocery & Food > Drinks > Tea", None)
    assert tea.more == {"main_category": "Grocery"}


def test_prices_and_stock_are_known_by_more_names(tmp_path: Path) -> None:
    (tea,) = read(tmp_path, Item, "Item No.;Name;VK brutto;Qty on hand\n7;Oolong;1.204,50 EUR;3\n")
    assert (tea.id, tea.price, tea.stock) == ("7", 1204.5, 3.0)


def test_a_price_below_nothing_is_refused_by_its_value(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("id,title,price\n7,Oolong,-4\n")
    (row,) = read_rows(path, Columns(Item))
    with pytest.raises(RecordRejected, match="`price`: -4 is below 0"):
        as_named(row.fields, Item)
