"""A view of each template with one text in every place that takes text."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from dashboards.charts import LegendEntry
from dashboards.markup import Pill
from dashboards.operations.newest import AlertRow, ListRow
from dashboards.operations.panels import AnswerRow, OutcomeView, ServiceRow
from dashboards.recommendations.bars import BarView
from dashboards.recommendations.comparing import EntryView, WhyNotView
from dashboards.recommendations.experiment_html import ArmRow, FindingRow, LiveRow
from dashboards.recommendations.item_cards import OfferView
from dashboards.recommendations.profile_html import DeedView, TasteView
from dashboards.sentiment_alerts.alert_words import StepView
from dashboards.sentiment_alerts.articles import ArticleView
from dashboards.sentiment_alerts.carrying_words import ReadingView
from dashboards.sentiment_alerts.incident_cards import AlongsideView
from dashboards.sentiment_alerts.sentiment_marks import Chip
from dashboards.sentiment_alerts.sparkline import BarShape, LineShape, SparklineView
from dashboards.sentiment_alerts.watchlist import CountsView
from dashboards.service_status import Trouble
from dashboards.support_qa.chat_html import SourceView
from dashboards.support_qa.desk_html import RowView
from dashboards.support_qa.knowledge_html import Line
from dashboards.tiles import Tile

# Only macros, which the others import.
MACROS = {
    "shared/pill.html",
    "support_qa/avatar.html",
    "sentiment_alerts/marks.html",
    "sentiment_alerts/sparkline.html",
    "recommendations/bars.html",
    "recommendations/match.html",
}
# Only frames, which others fill.
FRAMES = {"shared/page_head.html", "shared/table.html", "signing_in/sign_in_frame.html"}


def filled_views(text: str) -> dict[str, dict[str, Any]]:
    """The values of each template."""

    def one(kind: Any) -> Any:
        return filled(kind, text)

    pill = one(Pill)
    return {
        "shared/notice.html": {"title": text, "text": text, "tone": text},
        "shared/heading.html": {"title": text, "note": text},
        "shared/nothing.html": {"text": text},
        "shared/tiles.html": {"tiles": [one(Tile)]},
        "shared/chart_head.html": {"title": text, "note": text},
        "shared/chart_empty.html": {"text": text},
        "shared/legend.html": {"entries": [one(LegendEntry)]},
        "support_qa/analytics_head.html": {},
        "support_qa/knowledge_head.html": {"note": text, "state": pill},
        "support_qa/knowledge_detail.html": {"lead": text, "lines": [one(Line)]},
        "support_qa/knowledge_trial.html": {
            "state": pill, "note": text, "text": text, "sources": [text],
        },
        "support_qa/head.html": {"initial": text, "company": text, "presence": pill},
        "support_qa/welcome.html": {"initial": text, "greeting": text},
        "support_qa/customer.html": {"text": text, "at": text},
        "support_qa/text.html": {"text": text},
        "support_qa/foot.html": {"text": text},
        "support_qa/answered.html": {"text": text, "sure_percent": text, "sure_words": text},
        "support_qa/handed_over.html": {"text": text, "reason": text},
        "support_qa/sources.html": {"sources": [one(SourceView)]},
        "support_qa/agent.html": {"initial": text, "name": text, "text": text},
        "support_qa/note.html": {"text": text},
        "support_qa/judged.html": {"text": text},
        "signing_in/viewer.html": {"name": text, "roles": [text], "out": "/sign-out"},
        "signing_in/sign_in.html": {
            "wanted": text,
            "problem": text,
            "told": text,
            "action": "/sign-in",
            "style": "/sign-in.css",
        },
        "signing_in/sign_in_at_provider.html": {
            "problem": text,
            "told": text,
            "style": "/sign-in.css",
            "provider": text,
            "start": "/sign-in/start",
        },
        "support_qa/desk_head.html": {"note": text},
        "support_qa/desk_row.html": {"row": one(RowView)},
        "support_qa/desk_conversation.html": {"summary": text, "reason": text, "state": pill},
        "support_qa/desk_suggestion.html": {"title": text, "excerpt": text},
        "support_qa/desk_sending.html": {"text": text},
        "support_qa/thinking.html": {},
        "support_qa/growing.html": {"text": text},
        "support_qa/trouble.html": {"title": text, "text": text},
        "sentiment_alerts/head.html": {"read_up_to": text, "behind": text, "presence": pill},
        "sentiment_alerts/alert.html": {
            "severity": pill, "state": pill, "title": text, "observed": text, "digest": text,
            "times": text,
        },
        "sentiment_alerts/story.html": {
            "observed": text, "beyond": text, "p_value": text, "digest": text,
            "steps": [one(StepView)],
        },
        "sentiment_alerts/alongside.html": {
            "words": text,
            "others": [one(AlongsideView)],
            "more": text,
        },
        "sentiment_alerts/story_row.html": {
            "title": text,
            "counts": text,
            "times": text,
            "companies": text,
            "score": one(Chip),
            "chosen": True,
        },
        "sentiment_alerts/carrying_words.html": {"readings": [one(ReadingView)], "model": text},
        "sentiment_alerts/article.html": {"article": one(ArticleView)},
        "sentiment_alerts/watchlist_head.html": {},
        "sentiment_alerts/watchlist_row.html": {
            "name": text, "under": text, "mark": pill, "spark": one(SparklineView),
            "now": one(Chip), "none_yet": text, "counts": one(CountsView), "chosen": True,
        },
        "sentiment_alerts/sparkline.svg": {
            "width": text, "height": text, "axes": text, "line": one(LineShape),
            "bars": [one(BarShape)],
            "colours": {"axis": text, "line": text, "end": text, "bar": text},
        },
        "recommendations/head.html": {"presence": pill},
        "recommendations/offer.html": {"offer": one(OfferView)},
        "recommendations/compare_head.html": {"presence": pill},
        "recommendations/compared.html": {
            "title": text, "model": text, "entries": [one(EntryView)],
        },
        "recommendations/why_not.html": {"rows": [one(WhyNotView)]},
        "recommendations/arms.html": {"rows": [one(ArmRow)]},
        "recommendations/findings.html": {"rows": [one(FindingRow)]},
        "recommendations/live.html": {"rows": [one(LiveRow)]},
        "recommendations/parts.html": {"rows": [one(BarView)]},
        "recommendations/profile.html": {
            "tastes": [one(TasteView)], "price": text, "quotes": [text], "events": text,
        },
        "recommendations/unknown.html": {"text": text},
        "recommendations/deeds.html": {"deeds": [one(DeedView)]},
        "models/head.html": {"state": pill},
        "models/model.html": {
            "state": {"told": text, "champion": text, "feedback": text, "reasons": [text]},
            "stage": pill, "challenger": text, "looked": text, "silent": True,
        },
        "operations/head.html": {"state": pill, "at": text},
        "operations/services.html": {"rows": [one(ServiceRow)]},
        "operations/troubles.html": {"troubles": [one(Trouble)]},
        "operations/outcomes.html": {"outcomes": [one(OutcomeView)]},
        "operations/answers.html": {"rows": [one(AnswerRow)]},
        "operations/letters.html": {"letters": {text: text}},
        "operations/alerts.html": {"rows": [one(AlertRow)]},
        "operations/lists.html": {"rows": [one(ListRow)], "none_yet": text},
    }  # fmt: skip


def filled(kind: Any, text: str) -> Any:
    """A value of a type; texts are `text`, what may be missing is there, of several there is one.

    Where only certain words can stand, the first of them does.
    """
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{one.name: filled(hints[one.name], text) for one in fields(kind)})
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return arguments[0]
    if origin in (Union, types.UnionType):
        return filled(next(one for one in arguments if one is not type(None)), text)
    if origin is tuple:
        return (filled(arguments[0], text),)
    return {str: text, int: 7, bool: True}[kind]
