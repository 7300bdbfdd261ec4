"""What shops and public data sets call the columns of their catalogues and logs.

Read without regard to case, spaces and underscores, the first group before the next.
"""

from __future__ import annotations

Names = dict[str, tuple[tuple[str, ...], ...]]

_ITEM_IDS = (
    (
        "item id", "product id", "sku", "asin", "movie id", "book id", "article id", "post id",
        "artikelnummer", "商品id",
    ),
    ("item", "product", "handle", "code"),
)  # fmt: skip

ITEM_COLUMNS: Names = {
    "id": _ITEM_IDS,
    "title": (
        ("name", "product name", "item name", "product title", "titel", "标题", "商品名称"),
        ("headline",),
    ),
    "description": (
        ("body", "body html", "long description", "text", "beschreibung", "描述"),
        ("summary", "features"),
    ),
    "tags": (("tag", "keywords", "genres", "labels", "标签"),),
    "category": (("categories", "type", "product type", "section", "department", "kategorie"),),
    "price": (("variant price", "sale price", "unit price", "preis", "价格"),),
    "published_at": (("published", "publish date", "date added", "created at", "release date"),),
    "available": (("in stock", "is available", "active"),),
}
EVENT_COLUMNS: Names = {
    "user_id": (
        ("user", "customer id", "reviewer id", "visitor id", "member id", "client id", "用户id"),
        ("customer", "reviewer", "visitor", "session id"),
    ),
    "item_id": _ITEM_IDS,
    "kind": (("event", "event type", "action", "event name", "behaviour", "behavior"), ("type",)),
    "at": (
        ("timestamp", "time", "event time", "datetime", "date", "created at", "unix review time"),
    ),
    "value": (("rating", "score", "stars", "overall"),),
    "text": (("comment", "review", "review text", "query", "search term"),),
}
