"""Tables of news that others wrote are read by the names that they gave their columns."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from textwire.sentiment_alerts.backtest_data import read_dated_articles
from textwire.sentiment_alerts.column_names import ARTICLE_COLUMNS, COMPANY_COLUMNS


@pytest.mark.parametrize(
    "table",
    [
        "Headline;Date;Publisher\nA plant opens;28.11.2026;Wire\n",
        "Titel;Erschienen;Quelle\nA plant opens;2026-11-28;Wire\n",
        "标题,日期,来源\nA plant opens,2026/11/28,Wire\n",
        "news_title,pubDate,source_name\nA plant opens,2026-11-28T00:00:00Z,Wire\n",
        "title,published_at,source,date\nA plant opens,2026-11-28T00:00:00Z,Wire,long ago\n",
    ],
)
def test_a_table_by_any_of_these_names_is_the_same_article(tmp_path: Path, table: str) -> None:
    (tmp_path / "news.csv").write_text(table, encoding="utf-8")
    [article], bad = read_dated_articles(tmp_path / "news.csv", skip_bad=False)
    assert not str(bad)
    assert (article.title, article.source) == ("A plant opens", "Wire")
    assert article.published_at == datetime(2026, 11, 28, tzinfo=UTC)


@pytest.mark.parametrize("columns", [ARTICLE_COLUMNS, COMPANY_COLUMNS])
def test_no_name_may_hold_two_fields(columns: dict[str, tuple[tuple[str, ...], ...]]) -> None:
    names = [name for groups in columns.values() for group in groups for name in group]
    assert len(names) == len(set(names))
