"""What shops and public data sets call the fields of items and events in their files.

Read without regard to case, spaces and underscores. Where a table has names of several groups, the
first group counts; two names of one group are asked about.
"""

from __future__ import annotations

# Amazon's reviews have asin, overall, reviewText, unixReviewTime, and later parent_asin, by which
# its catalogue goes; MovieLens userId, movieId, genres; Shopify Handle, Variant SKU, Body (HTML),
# Type; Google's product feeds g:id, item_group_id, availability; Online Retail StockCode,
# CustomerID, InvoiceDate; other shops product_id, name, categories.
_ITEM_ID = (
    (
        *("item id", "product id", "article id", "goods id", "prod id", "artikel id", "g id"),
        *("item number", "item no", "item nr", "item code", "product number", "product code"),
        *("article number", "article no", "artikelnummer", "stock code", "商品id", "商品编号"),
    ),
    ("parent asin",),
    (
        *("asin", "sku", "gtin", "ean", "ean 13", "upc", "isbn", "isbn 13", "mpn", "variant sku"),
        *(
            "artikelnr",
            "artikel nr",
            "art nr",
            "model number",
            "référence",
            "referencia",
            "артикул",
        ),
    ),
    ("movie id", "book id", "song id", "track id", "video id", "post id", "listing id", "offer id"),
    ("variant id", "object id", "external id", "uuid", "pid", "iid", "aid"),
    ("item", "product", "handle", "code", "código", "codigo", "kod", "ref", "reference", "style"),
    ("number", "no", "nr", "key"),
)
ITEM_COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "id": _ITEM_ID,
    "title": (
        (
            *("title", "titel", "product title", "item title", "g title", "标题", "titre"),
            *("título", "titolo"),
        ),
        (
            *("name", "product name", "item name", "商品名称", "商品名", "bezeichnung", "nom"),
            *("nombre", "produktname", "naam", "nazwa", "название"),
        ),
        ("headline", "book title", "movie title"),
        (),
        (),
        (),
        # Only where an id was found elsewhere.
        ("product", "item", "label", "short description", "description short"),
    ),
    "description": (
        (
            "description",
            "product description",
            "beschreibung",
            "描述",
            "body html",
            "g description",
        ),
        ("body", "long description", "text"),
        ("summary", "details", "about", "overview", "features"),
    ),
    "tags": (
        (
            *("tags", "tag", "genres", "keywords", "labels", "schlagworte", "schlagwörter", "标签"),
            *("etiquetas", "tag list"),
        ),
    ),
    "category": (
        ("category", "product category", "kategorie", "类别", "catégorie", "categoría"),
        ("categories", "main category", "main cat", "type", "product type", "department", "genre"),
        ("section",),
    ),
    "group": (("group", "item group id", "group id", "variant group", "parent sku", "parent id"),),
    "price": (
        (
            *("price", "preis", "价格", "prix", "precio", "prezzo", "prijs", "cena", "цена"),
            *("variant price", "sale price", "g price"),
        ),
        (
            *("current price", "selling price", "final price", "verkaufspreis", "unit price"),
            *("price eur", "price usd", "price gbp", "price chf", "preis eur", "preis chf"),
        ),
        ("list price", "regular price", "retail price", "amount", "msrp", "rrp", "uvp"),
    ),
    "published_at": (
        ("published at", "release date", "published", "date added", "created at", "erschienen"),
        ("publication date", "publish date"),
    ),
    "available": (
        ("available", "in stock", "is available", "verfügbar", "on sale"),
        ("availability", "g availability", "is in stock", "stock status", "lieferbar"),
        ("active", "is active"),
    ),
    "stock": (("stock", "quantity", "inventory", "bestand", "库存", "variant inventory qty"),),
}
EVENT_COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "user_id": (
        ("user id", "customer id", "visitor id", "reviewer id", "client id", "kunden id", "用户id"),
        ("member id", "user", "customer", "reviewer", "visitor", "uid", "customer number"),
        ("session id", "session"),
    ),
    "item_id": _ITEM_ID,
    "kind": (
        ("kind", "event", "event type", "event name", "action", "ereignis", "行为"),
        ("behavior", "behaviour", "behavior type", "interaction", "interaction type", "type"),
    ),
    "at": (
        ("at", "timestamp", "event time", "time", "datetime", "zeit", "时间"),
        ("date", "created at", "unix review time", "review time", "ts"),
        ("event date", "invoice date", "order date", "purchase date", "occurred at"),
    ),
    "value": (("value", "rating", "overall", "stars", "score", "bewertung", "评分"),),
    "text": (
        ("text", "review text", "comment", "review body", "kommentar", "评论"),
        ("query", "search term", "search query", "review", "tag"),
    ),
    "same_as": (("same as", "guest id", "anonymous id"),),
}
# What other programs call what users do: Google Analytics, Retailrocket, Taobao, OTTO.
EVENT_KINDS: dict[str, tuple[str, ...]] = {
    "impression": ("impressions", "shown", "exposure", "view item list"),
    "view": ("views", "viewed", "pv", "page view", "product view", "view item", "detail", "open"),
    "click": ("clicks", "clicked", "select item"),
    "add_to_cart": ("cart", "carts", "add to basket", "added to cart", "basket"),
    "remove_from_cart": ("remove from basket", "removed from cart"),
    "purchase": ("buy", "bought", "order", "orders", "purchased", "transaction", "sale", "kauf"),
    "return": ("returned", "refund", "refunded", "sent back"),
    "comment": ("review", "reviewed", "commented"),
    "rating": ("rate", "rated"),
    "share": ("shared",),
    "dislike": ("disliked", "thumbs down", "not interested"),
    "search": ("searched", "query", "view search results"),
}
