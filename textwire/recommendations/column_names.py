"""What shops and public data sets call the fields of items and events in their files.

Read without regard to case, spaces and underscores. Where a table has names of several groups, the
first group counts; two names of one group are asked about.
"""

from __future__ import annotations

# Amazon's reviews have asin, overall, reviewText, unixReviewTime, and later parent_asin, by which
# its catalogue goes; MovieLens userId, movieId, genres; Shopify Handle, Variant SKU, Body (HTML),
# Type, and of orders Lineitem sku, Email; WooCommerce Regular price, Parent, In stock?; Magento
# product_type, qty; Google Analytics user_pseudo_id, event_timestamp; Google's product feeds g:id,
# item_group_id, availability; Online Retail StockCode, CustomerID, InvoiceDate; other shops
# product_id, name, categories.
_ITEM_ID = (
    (
        *("item id", "product id", "article id", "goods id", "prod id", "artikel id", "g id"),
        *("item number", "item no", "item nr", "item code", "product number", "product code"),
        *("article number", "article no", "artikelnummer", "stock code", "商品id", "商品编号"),
        *("recipe id", "news id", "story id", "商品编码", "商品代码", "货号", "文章id", "文章编号"),
    ),
    ("parent asin",),
    (
        *("asin", "sku", "gtin", "ean", "ean 13", "upc", "isbn", "isbn 13", "mpn", "variant sku"),
        *(
            "artikelnr",
            "artikel nr",
            "art nr",
            "model number",
            "line item sku",
            "product sku",
            "items item id",
            "référence",
            "referencia",
            "артикул",
        ),
    ),
    ("movie id", "book id", "song id", "track id", "video id", "post id", "listing id", "offer id"),
    ("variant id", "object id", "external id", "uuid", "pid", "iid", "aid"),
    (
        *("item", "product", "handle", "code", "código", "codigo", "kod", "ref", "reference"),
        *("style", "track", "song", "film", "movie", "book", "recipe", "article", "商品"),
    ),
    ("number", "no", "nr", "key"),
)
# Each product may stand in several of them.
SEVERAL_CATEGORIES = (
    *("categories", "product categories", "kategorien", "produktkategorien", "catégories"),
    *("categorías", "categorieën"),
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
        (
            *("headline", "book title", "movie title", "track name", "song title", "recipe name"),
            *("article title", "名称", "书名", "产品名称"),
        ),
        (),
        (),
        (),
        # Only where an id was found elsewhere.
        (
            *("product", "item", "label", "short description", "description short"),
            *("track", "song", "film", "movie", "book", "recipe", "article", "商品"),
        ),
        # Of records by their artist: where nothing else says what they are called.
        ("album", "album title", "release"),
    ),
    "description": (
        (
            "description",
            "product description",
            "item description",
            "beschreibung",
            "描述",
            "body html",
            "g description",
        ),
        (
            *("body", "long description", "text", "langtext", "langbeschreibung", "abstract"),
            *("artikelbeschreibung", "produktbeschreibung", "article body", "商品描述", "简介"),
        ),
        ("summary", "details", "about", "overview", "features", "content", "inhalt", "详情"),
        ("short description", "description short", "excerpt"),
    ),
    "tags": (
        (
            *("tags", "tag", "genres", "keywords", "labels", "schlagworte", "schlagwörter", "标签"),
            *("etiquetas", "tag list", "product tags", "subcategory", "sub category"),
            *("unterkategorie", "子类目", "二级类目"),
        ),
    ),
    "category": (
        (
            *("category", "product category", "kategorie", "类别", "catégorie", "categoría"),
            *("recipe category", "article section", "warengruppe", "produktgruppe", "类目"),
            *("商品类目", "商品类别", "分类", "商品分类", "栏目"),
        ),
        SEVERAL_CATEGORIES,
        # Amazon's catalogue of 2023 has the whole path beside it.
        ("main category", "main cat", "category name"),
        # Of WooCommerce and Magento these say whether a product has variants.
        ("product type", "type"),
        ("department", "genre"),
        ("section", "collection"),
    ),
    "group": (
        ("group", "item group id", "group id", "variant group", "parent sku", "parent id"),
        ("parent",),
        *((), (), (), ()),
        # Only where an id was found elsewhere.
        ("handle",),
    ),
    "price": (
        (
            *("price", "preis", "价格", "prix", "precio", "prezzo", "prijs", "cena", "цена"),
            *("variant price", "sale price", "g price"),
        ),
        (
            *("current price", "selling price", "final price", "verkaufspreis", "unit price"),
            *("price eur", "price usd", "price gbp", "price chf", "preis eur", "preis chf"),
            *("vk", "vk preis", "vk brutto", "bruttopreis", "preis brutto", "endpreis"),
            *("gross price", "price incl vat", "prix ttc", "precio venta"),
        ),
        ("regular price", "product price", "item price", "base price", "price tax incl"),
        ("list price", "retail price", "amount", "msrp", "rrp", "uvp", "compare at price"),
    ),
    "published_at": (
        ("published at", "release date", "published", "date added", "created at", "erschienen"),
        ("publication date", "publish date", "date published", "pub date", "发布时间", "发布日期"),
        ("出版日期", "上架时间"),
    ),
    "available": (
        ("available", "in stock", "is available", "verfügbar", "on sale"),
        ("availability", "g availability", "is in stock", "stock status", "lieferbar"),
        ("active", "is active"),
    ),
    "stock": (
        ("stock", "quantity", "inventory", "bestand", "库存", "variant inventory qty"),
        (
            *("qty", "stock quantity", "inventory quantity", "on hand", "stock level"),
            *("qty on hand", "quantity on hand", "stock on hand", "on hand qty", "units in stock"),
            *("quantity available", "available quantity", "qty available", "stock qty"),
            *("lagerbestand", "lagermenge", "verfügbare menge", "cantidad", "quantité"),
        ),
    ),
}
# What tells guests apart, the surest first: a person's address, a browser, a visit. Where a table
# has no better one, it is what its users go by.
_VISITORS = (
    (
        *("customer email", "email", "e mail", "billing email", "user email", "email hash"),
        *("customer email hash", "hashed email", "email sha256", "e mail hash"),
    ),
    ("visitor id", "visitor", "guest token"),
    ("client id", "user pseudo id", "cookie id", "cookie", "device id", "browser id"),
    ("anonymous id", "distinct id"),
    ("session id", "session", "session key", "session token", "visit id"),
)
# What holds together what was bought at once; numbers that may well be those of users.
_BASKETS = (
    ("cart id", "basket id", "cart token", "checkout id", "checkout token", "warenkorb id"),
    (
        *("order id", "order number", "order no", "order nr", "order key", "order", "invoice id"),
        *("invoice no", "invoice number", "transaction id", "receipt id", "purchase id"),
        *("bestellnummer", "bestell nr", "auftragsnummer", "订单id", "订单号"),
    ),
)
# What is bought in a row; below 0 it was sent back. And what became of an order.
QUANTITIES = (
    *("quantity", "qty", "line item quantity", "item quantity", "units", "menge", "anzahl"),
    *("quantity ordered", "qty ordered", "units sold", "数量"),
)
STATES = (
    *("financial status", "order status", "payment status", "status", "bestellstatus"),
    "订单状态",
)
VISITOR_COLUMNS = tuple(name for names in _VISITORS for name in names)
BASKET_COLUMNS = tuple(name for names in _BASKETS for name in names)
EVENT_COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "user_id": (
        (
            *("user id", "customer id", "reviewer id", "kunden id", "用户id", "用户编号", "会员id"),
            *("会员编号", "买家id", "kundennummer", "kunden nr"),
        ),
        ("member id", "user", "customer", "reviewer", "uid", "customer number", "用户", "会员"),
        *_VISITORS,
        *_BASKETS,
    ),
    "item_id": _ITEM_ID,
    "kind": (
        ("kind", "event", "event type", "event name", "action", "ereignis", "行为"),
        ("行为类型", "事件", "事件类型", "操作", "操作类型"),
        ("behavior", "behaviour", "behavior type", "interaction", "interaction type", "type"),
    ),
    "at": (
        (
            *("at", "timestamp", "event time", "time", "datetime", "zeit", "时间", "行为时间"),
            *("event timestamp", "date time", "occurred at"),
        ),
        # Amazon's reviews have their time twice.
        ("unix review time", "unix time", "unix timestamp", "epoch"),
        ("date", "created at", "review time", "ts"),
        ("event date", "invoice date", "order date", "purchase date", "date created", "日期"),
        (
            *("paid at", "date paid", "sent at", "original timestamp", "bestelldatum", "datum"),
            *("kaufdatum", "auftragsdatum", "rechnungsdatum", "bestellt am", "fecha", "order time"),
        ),
    ),
    "value": (
        ("value", "rating", "overall", "stars", "score", "bewertung", "评分"),
        ("star rating", "review rating", "book rating", "movie rating", "user rating"),
        ("rating value", "rating score", "review score"),
    ),
    "text": (
        ("text", "review text", "comment", "review body", "kommentar", "评论", "评论内容"),
        ("query", "search term", "search query", "search string", "review", "tag"),
        ("review content", "comment text", "message"),
    ),
    "same_as": (("same as", "guest id"),),
}
# Of each user one row: all that they did, and when, in the same order.
SEVERAL_EVENTS: dict[str, tuple[str, ...]] = {
    "item_id": (
        *("item ids", "product ids", "article ids", "movie ids", "book ids", "asins", "skus"),
        *("history", "history ids", "history item ids", "history asins", "item history"),
        *("purchase history", "item list", "item sequence", "purchase sequence"),
    ),
    "at": (
        *("timestamps", "times", "dates", "purchase dates", "timestamp list"),
        *("history timestamps", "history times", "history dates"),
    ),
    "value": ("ratings", "history ratings", "rating list"),
    "kind": ("kinds", "event types", "actions", "history kinds"),
}
# What other programs call what users do: Google Analytics, Segment, Meta's pixel, Retailrocket,
# Taobao, OTTO.
EVENT_KINDS: dict[str, tuple[str, ...]] = {
    "impression": (
        *("impressions", "shown", "exposure", "view item list", "view promotion"),
        *("product list viewed", "展示", "曝光", "skip", "skipped"),
    ),
    "view": (
        *("views", "viewed", "pv", "page view", "product view", "view item", "detail", "open"),
        *("product viewed", "viewed product", "view content", "product page", "浏览", "ansicht"),
        *("product views", "viewed item", "item viewed", "read", "article read", "play", "played"),
        *("listen", "listened", "stream", "streamed", "watch", "watched", "video view", "browse"),
        *("查看", "阅读", "观看", "播放", "收听"),
    ),
    "click": ("clicks", "clicked", "select item", "product clicked", "点击", "klick"),
    "add_to_cart": (
        *("cart", "carts", "add to basket", "added to cart", "basket", "product added", "加购"),
        *("加入购物车", "加购物车"),
        *("warenkorb", "add to bag", "added to basket", "added to bag", "product added to cart"),
    ),
    "remove_from_cart": (
        *("remove from basket", "removed from cart", "remove cart", "product removed"),
        # What was wanted and is not any more.
        *("unlike", "unliked", "remove from wishlist", "removed from wishlist", "unfavorite"),
        *("product removed from wishlist", "取消收藏", "移出购物车"),
    ),
    "purchase": (
        *("buy", "bought", "order", "orders", "purchased", "transaction", "sale", "kauf"),
        *("order completed", "placed order", "ordered product", "购买", "achat", "compra"),
        *("purchases", "ordered", "product purchased", "checkout completed", "bestellung"),
        *("下单", "支付", "成交"),
    ),
    "return": (
        *("returned", "refund", "refunded", "sent back", "order refunded", "retoure"),
        *("returns", "refunds", "product returned", "product refunded", "partially refunded"),
        *("退货", "退款"),
    ),
    "comment": (
        *("review", "reviewed", "commented", "product reviewed", "评论"),
        *("reviews", "comments", "product review", "product reviews", "reviewed product"),
    ),
    "rating": ("rate", "rated", "bewertung", "评分"),
    "like": (
        *("liked", "likes", "thumbs up", "upvote", "heart", "love", "loved", "fav", "favorite"),
        *("favourite", "favorited", "favourited", "favorites", "add to favorites", "bookmark"),
        *("bookmarked", "save", "saved", "save item", "wishlist", "wish list", "add to wishlist"),
        *("added to wishlist", "product added to wishlist", "merkzettel", "收藏", "喜欢", "点赞"),
    ),
    "share": ("shared", "product shared", "分享"),
    "dislike": (
        *("disliked", "thumbs down", "not interested", "downvote", "hide", "hidden", "dismiss"),
        *("dismissed", "not for me", "不感兴趣", "踩"),
    ),
    "search": (
        *("searched", "query", "view search results", "products searched", "site search"),
        *("suche", "搜索"),
    ),
}
