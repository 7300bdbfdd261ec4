"""Where the bad news are: companies down, topics across, darker where more is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import altair as alt
import pandas as pd

from dashboards.charts import dressed
from dashboards.sentiment_alerts.alert_words import topic_words
from dashboards.theme import PALETTE
from textwire.sentiment_alerts.results.records import Cell, Subject

ROW_HEIGHT = 26
AXES_HEIGHT = 90
# With fewer at its darkest, one article would look like a surge.
DARKEST = 5
COLUMNS = ["company", "topic", "negative", "articles", "score"]


def heat_rows(
    cells: Mapping[Subject, Iterable[Cell]], watermark: datetime, span: timedelta
) -> pd.DataFrame:
    """A row for each company and topic of which there was an article in the span."""
    rows = []
    for (company, topic), found in cells.items():
        recent = [cell for cell in found if watermark - span <= cell.start < watermark]
        articles = sum(cell.articles for cell in recent)
        if articles:
            negative = sum(cell.negative for cell in recent)
            score = sum(cell.score_sum for cell in recent) / articles
            rows.append((company, topic_words(topic or ""), negative, articles, round(score, 2)))
    return pd.DataFrame(rows, columns=COLUMNS)


def heat_chart(rows: pd.DataFrame, companies: Sequence[str]) -> alt.LayerChart:
    """Negative articles as colour and as a figure.

    Args: companies: in the order in which they stand.
    """
    order = [name for name in companies if name in set(rows["company"])]
    darkest = max(DARKEST, int(rows["negative"].max()))
    base = alt.Chart(rows).encode(
        x=alt.X("topic:N", title=None, axis=alt.Axis(orient="top", labelAngle=-35, grid=False)),
        y=alt.Y("company:N", title=None, sort=order, axis=alt.Axis(grid=False)),
        tooltip=[
            alt.Tooltip("company:N"),
            alt.Tooltip("topic:N"),
            alt.Tooltip("negative:Q", title="negative articles"),
            alt.Tooltip("articles:Q", title="all articles"),
            alt.Tooltip("score:Q", title="mean score", format="+.2f"),
        ],
    )
    fields = base.mark_rect(cornerRadius=4, stroke=PALETTE["card"], strokeWidth=2).encode(
        color=alt.Color(
            "negative:Q",
            legend=None,
            scale=alt.Scale(
                domain=[0, darkest],
                interpolate="rgb",
                range=[PALETTE["neutral-ground"], PALETTE["negative"]],
            ),
        )
    )
    figures = base.mark_text(fontSize=12, fontWeight=600, color=PALETTE["ink"]).encode(
        text=alt.condition("datum.negative > 0", alt.Text("negative:Q"), alt.value("·"))
    )
    height = AXES_HEIGHT + ROW_HEIGHT * max(1, len(order))
    # The last label leans out beyond its column.
    chart: alt.LayerChart = (fields + figures).properties(height=height, padding={"right": 28})
    return dressed(chart)
