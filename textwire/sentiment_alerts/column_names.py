"""What others call the fields of an article and of a watched company in their tables.

Read without regard to case, spaces and underscores. Where a table has names of several groups, the
first group counts; two names of one group are asked about.
"""

from __future__ import annotations

# Archives on Kaggle have headline, short_description, link, date; GDELT and news services
# article_id, pubDate, source_name, content; sheets kept by hand the words of their writers.
ARTICLE_COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "id": (("article id", "news id", "story id", "guid", "uuid"),),
    "title": (
        (
            *("headline", "headlines", "news headline", "article title", "news title"),
            *("titel", "überschrift", "schlagzeile", "标题", "標題", "titre", "título", "titolo"),
        ),
        ("news", "subject", "betreff", "tweet", "post"),
    ),
    "body": (
        (
            *("content", "text", "article", "article body", "article text", "full text"),
            *("inhalt", "正文", "内容", "contenu", "contenido"),
        ),
        ("description", "short description", "summary", "abstract", "lead", "snippet", "摘要"),
    ),
    "source": (
        ("publisher", "source name", "outlet", "quelle", "来源", "fuente", "fonte"),
        ("provider", "site", "author"),
    ),
    "url": (("link", "article url", "source url", "permalink", "链接"), ("href", "website")),
    "language": (("lang", "sprache", "语言", "langue", "idioma"),),
    "published_at": (
        (
            *("published", "published date", "publish date", "date published", "pub date"),
            *("publication date", "published on", "erschienen", "发布时间"),
        ),
        ("date", "datetime", "timestamp", "time", "datum", "日期", "时间", "fecha"),
        ("created at", "date time", "day"),
    ),
}

# Brokers' and vendors' lists have symbol, security name, GICS sector; sheets kept by hand the words
# of their writers.
COMPANY_COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "name": (
        (
            *("company", "company name", "entity", "organisation", "organization"),
            *("unternehmen", "firma", "公司", "公司名称", "société", "empresa", "società"),
        ),
        ("security", "security name", "issuer", "emittent", "short name", "display name"),
    ),
    "ticker": (
        (
            *("symbol", "ticker symbol", "stock symbol", "stock ticker", "trading symbol"),
            *("kürzel", "börsenkürzel", "股票代码", "代码", "mnemo"),
        ),
        ("code", "ric"),
    ),
    "aliases": (
        (
            *("alias", "also known as", "also called", "aka", "other names", "alternative names"),
            *("synonyms", "known as", "auch bekannt als", "weitere namen", "别名", "alias names"),
        ),
        ("brands", "former names", "former name"),
    ),
    "context": (("context words", "only near", "kontext"),),
    "not": (("not in", "exclude", "exclusions", "excluded phrases"),),
    "sector": (("gics sector", "branche", "行业", "secteur"), ("industry", "industry group")),
}
