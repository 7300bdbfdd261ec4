"""The HTML of the knowledge page: its head, its rows, what is told of the one that is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboards.markup import Pill, Tone, shortened
from dashboards.rendering import render
from dashboards.support_qa.desk_html import RowView
from dashboards.support_qa.knowledge_view import Disliked, KnowledgeView, OpenGap
from dashboards.wording import counted, percent
from textwire.support_qa.knowledge_results import PairKind, PassagePair
from textwire.support_qa.messages import Answer, AnswerOutcome, Passage

SUBJECT_CHARACTERS, EXCERPT_CHARACTERS = 110, 600
PAIRS: dict[PairKind, Pill] = {
    "conflict": Pill("contradict each other", "bad"),
    "duplicate": Pill("answer the same", "waiting"),
}
OUTCOMES: dict[AnswerOutcome, Pill] = {
    "answered": Pill("Answered", "good"),
    "asked_back": Pill("Asks back", "waiting"),
    "handed_over": Pill("Not answered", "bad"),
    "refused": Pill("Refused", "bad"),
}
MOST_EXAMPLES = 12


@dataclass(frozen=True)
class Line:
    """One thing that is told of what was chosen."""

    text: str
    note: str = ""


def knowledge_head(view: KnowledgeView) -> str:
    """How much there is, and how much of it wants care."""
    conflicts = sum(pair.kind == "conflict" for pair in view.pairs)
    parts = [counted(len(view.passages), "passage")]
    if len(view.passages) > view.compared > 0:
        parts.append(f"the newest {view.compared:,} compared with each other")
    state = Pill(counted(conflicts, "conflict"), "bad") if conflicts else None
    return render("support_qa/knowledge_head.html", note=" · ".join(parts), state=state)


def passage_row(passage: Passage, chosen: bool) -> str:
    """A passage in the list."""
    tags = ", ".join(passage.tags)
    return _row(title_of(passage), shortened(tags or passage.text, 60), _source(passage), chosen)


def gap_row(gap: OpenGap, chosen: bool) -> str:
    """Questions of one meaning."""
    asked = len(gap.asked)
    state = Pill("asked once" if asked == 1 else f"asked {asked:,} times", _tone(asked))
    near = f"nearest {percent(gap.gap.confidence)}" if gap.gap.nearest else "nothing near"
    return _row(gap.asked[0].question, near, state, chosen)


def disliked_row(one: Disliked, passages: Mapping[str, Passage], chosen: bool) -> str:
    """A passage with the thumbs of its answers."""
    passage = passages.get(one.passage_id)
    title = title_of(passage) if passage else one.passage_id
    note = "" if passage else "deleted since"
    state = Pill(f"{one.down:,} down, {one.up:,} up", "bad" if one.down > one.up else "waiting")
    return _row(title, note, state, chosen)


def pair_row(pair: PassagePair, passages: Mapping[str, Passage], chosen: bool) -> str:
    """Two passages of which one may have to go."""
    other = shortened(title_of(passages[pair.older]), 60)
    return _row(title_of(passages[pair.newer]), f"and: {other}", PAIRS[pair.kind], chosen)


def gap_detail(gap: OpenGap, passages: Mapping[str, Passage]) -> str:
    """What was asked, and what comes nearest."""
    nearest = passages.get(gap.gap.nearest or "")
    lead = f"Asked {counted(len(gap.asked), 'time')}."
    if nearest:
        sure = percent(gap.gap.confidence)
        lead += f" “{title_of(nearest)}” comes nearest; the bot is {sure} sure that it answers."
    asked = list(dict.fromkeys(one.question for one in reversed(gap.asked)))[:MOST_EXAMPLES]
    return _detail(lead, [Line(text) for text in asked])


def disliked_detail(one: Disliked) -> str:
    """What was said to answers of a passage."""
    lead = f"{one.down:,} of {counted(one.down + one.up, 'judgement')} found it unhelpful."
    lines = [
        Line(said.question or "A question that is kept no longer", _said_instead(said.text))
        for said in one.said
    ]
    return _detail(lead, lines)


def pair_detail(pair: PassagePair, passages: Mapping[str, Passage]) -> str:
    """Both passages, the newer first."""
    leads = {
        "conflict": "These two cannot both be right. The bot prefers the first, and is less sure.",
        "duplicate": "These two answer the same question. One of them may do.",
    }
    both = [
        Line(title_of(passages[id_]), shortened(passages[id_].text, EXCERPT_CHARACTERS))
        for id_ in (pair.newer, pair.older)
    ]
    return _detail(leads[pair.kind], both)


def trial_answer(answer: Answer) -> str:
    """What the bot said to a question that was tried."""
    sources = [f"{s.title or s.passage_id} · {percent(s.score)}" for s in answer.sources]
    return render(
        "support_qa/knowledge_trial.html",
        state=OUTCOMES.get(answer.outcome, Pill(answer.outcome, "quiet")),
        note=f"{percent(answer.confidence)} sure",
        text=answer.text,
        sources=sources or list(answer.choices),
    )


def title_of(passage: Passage) -> str:
    """What a passage is called, or how it begins."""
    return shortened(passage.heading or passage.text, SUBJECT_CHARACTERS)


def _said_instead(text: str | None) -> str:
    return f"What would have been right: {text}" if text else ""


def _source(passage: Passage) -> Pill:
    return Pill(shortened(passage.source or passage.language or "no source", 24), "quiet")


def _tone(asked: int) -> Tone:
    return "bad" if asked >= 5 else "waiting"


def _row(subject: str, note: str, state: Pill, chosen: bool) -> str:
    shown = RowView(shortened(subject, SUBJECT_CHARACTERS), note, state, chosen)
    return render("support_qa/desk_row.html", row=shown)


def _detail(lead: str, lines: Sequence[Line]) -> str:
    return render("support_qa/knowledge_detail.html", lead=lead, lines=lines)
