"""What shops and public data sets call the fields of items and events in their files.

Read without regard to case, spaces and underscores. Where a table has names of several groups, the
first group counts; two names of one group are asked about.
"""

from __future__ import annotations

# Amazon's reviews have asin, overall, reviewText, unixReviewTime, and later parent_asin, by which
# its catalogue goes; MovieLens userId, movieId, genres; Shopify Handle, Variant SKU, Body (HTML),
# Type; other shops product_id, name, categories.
_ITEM_ID = (
    ("item id", "product id", "article id", "artikel id", "artikelnummer", "商品id"),
    ("parent asin",),
    ("asin", "sku", "gtin", "ean", "isbn", "variant sku", "artikelnr"),
    ("movie id", "book id", "song id", "track id", "video id", "post id", "listing id"),
    ("item", "product", "handle", "code"),
)
ITEM_COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "id": _ITEM_ID,
    "title": (
        ("title", "titel", "product title", "item title", "标题", "titre", "título"),
        ("name", "product name", "item name", "商品名称", "bezeichnung", "nom", "nombre"),
        ("headline", "book title", "movie title"),
    ),
    "description": (
        ("description", "product description", "beschreibung", "描述", "body html"),
        ("body", "long description", "text"),
        ("summary", "details", "about", "overview", "features"),
    ),
    "tags": (("tags", "tag", "genres", "keywords", "labels", "schlagworte", "标签"),),
    "category": (
        ("category", "product category", "kategorie", "类别", "catégorie", "categoría"),
        ("categories", "main category", "main cat", "type", "product type", "department", "genre"),
        ("section",),
    ),
    "price": (
        ("price", "preis", "价格", "prix", "precio", "variant price", "sale price"),
        ("list price", "unit price", "amount", "price eur", "price usd"),
    ),
    "published_at": (
        ("published at", "release date", "published", "date added", "created at", "erschienen"),
        ("publication date", "publish date"),
    ),
    "available": (("available", "in stock", "is available", "verfügbar", "on sale"), ("active",)),
    "stock": (("stock", "quantity", "inventory", "bestand", "库存", "variant inventory qty"),),
}
EVENT_COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "user_id": (
        ("user id", "customer id", "visitor id", "reviewer id", "client id", "kunden id", "用户id"),
        ("member id", "user", "customer", "reviewer", "visitor", "session id"),
    ),
    "item_id": _ITEM_ID,
    "kind": (
        ("kind", "event", "event type", "event name", "action", "ereignis", "行为"),
        ("behavior", "behaviour", "interaction", "interaction type", "type"),
    ),
    "at": (
        ("at", "timestamp", "event time", "time", "datetime", "zeit", "时间"),
        ("date", "created at", "unix review time", "review time", "ts"),
    ),
    "value": (("value", "rating", "overall", "stars", "score", "bewertung", "评分"),),
    "text": (
        ("text", "review text", "comment", "review body", "kommentar", "评论"),
        ("query", "search term", "search query", "review", "tag"),
    ),
    "same_as": (("same as", "guest id", "anonymous id"),),
}
