"""The HTML of a conversation: bubbles, sources, the waiting state, the handoff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from dashboards.markup import Pill, shortened, web_address
from dashboards.rendering import render
from dashboards.support_qa.conversation import Exchange, WaitingQuestion
from dashboards.wording import (
    confidence_words,
    counted,
    milliseconds,
    percent,
    seconds,
    short_time,
)
from textwire.support_qa.messages import (
    Answer,
    AnswerOutcome,
    Handoff,
    HandoffReason,
    Source,
    Turn,
)

EXCERPT_CHARACTERS = 320

REASONS: dict[HandoffReason, str] = {
    "low_confidence": "Not sure enough",
    "customer_asked": "You asked for a person",
    "no_knowledge": "No knowledge to answer from",
    "in_danger": "A person should read this",
}
# These are words and no more: nothing was looked up, or nothing came of it.
SAID_ALONE: frozenset[AnswerOutcome] = frozenset({"acknowledged", "waiting"})
LATE = "Is the service up? See Operations. The answer shows here as soon as it comes."

Kind = Literal["bot", "agent", "note", "handoff", "refused", "trouble"]


@dataclass(frozen=True)
class Reply:
    """A bubble in parts of HTML: what it says, its sources, which are folded away, and its foot.

    `choices` are questions that the customer can ask by a click; an answer can be judged.
    """

    kind: Kind
    said: str
    foot: str = ""
    label: str = ""
    sources: str = ""
    choices: tuple[str, ...] = ()
    judgeable: bool = False


@dataclass(frozen=True)
class SourceView:
    """A passage as an answer shows it; `address` is where its title links to, if anywhere."""

    title: str
    address: str | None
    match: str
    excerpt: str


def customer_bubble(text: str, at: datetime, zone: tzinfo) -> str:
    """What the customer wrote."""
    return render("support_qa/customer.html", text=text, at=short_time(at, zone))


def reply(exchange: Exchange, zone: tzinfo) -> Reply | None:
    """What came of a question, or was said without one; nothing where the bot keeps quiet."""
    said = exchange.said
    if said is None or not said.text:
        return None
    if exchange.answer:
        return answer_reply(exchange.answer, exchange.latency_ms, zone)
    if said.role == "agent":
        return agent_reply(said, zone)
    if said.question_id is None:  # that a colleague came or went
        return Reply("note", render("support_qa/note.html", text=said.text))
    return Reply("bot", _text(said.text), _foot(short_time(said.at, zone)))


def agent_reply(said: Turn, zone: tzinfo) -> Reply:
    """What a colleague wrote, with their name."""
    name = said.by or "A colleague"
    words = render("support_qa/agent.html", initial=_initial(name), name=name, text=said.text)
    return Reply("agent", words, _foot(short_time(said.at, zone)))


def desk_pill(handoff: Handoff | None) -> Pill | None:
    """Whether a colleague is on the way, or there; None: neither."""
    if handoff is None or handoff.state == "closed":
        return None
    if handoff.state == "open":
        return Pill("A colleague is on the way", "waiting")
    return Pill(f"{handoff.agent} is here", "good")


def reply_to_come(asked: WaitingQuestion, late: bool, timeout_s: float, so_far: str = "") -> Reply:
    """That a question is under way, or could not be sent, or waits for too long.

    Args: so_far: how its answer begins, if it does.
    """
    if asked.problem:
        return Reply("trouble", _trouble("Your question could not be sent.", asked.problem))
    if so_far:
        return Reply("bot", render("support_qa/growing.html", text=so_far))
    if late:
        return Reply("trouble", _trouble(f"No answer came within {seconds(timeout_s)}.", LATE))
    return Reply("bot", render("support_qa/thinking.html"))


def answer_reply(answer: Answer, latency_ms: float | None, zone: tzinfo) -> Reply:
    """An answer, a question back, a handoff, or why there is none of them."""
    at, sources = short_time(answer.answered_at, zone), answer.sources
    took = "" if latency_ms is None else f" in {milliseconds(latency_ms)}"
    if answer.outcome == "refused":
        return Reply("refused", _text(answer.text), _foot(f"{at} · not answered"))
    if answer.outcome == "handed_over":
        foot = _foot(f"{at} · handed over{took}" if took else at)
        label = f"{counted(len(sources), 'passage')} that came closest"
        return Reply("handoff", _handed_over(answer), foot, label, source_cards(sources))
    if answer.outcome in SAID_ALONE:
        return Reply("bot", _text(answer.text), _foot(at))
    if answer.outcome == "asked_back":
        foot = _foot(f"{at} · asked back{took}" if took else at)
        return Reply("bot", _text(answer.text), foot, choices=answer.choices)
    worded = " · worded by a language model" if answer.worded_by else ""
    foot = _foot(f"{at} · answered{took}{worded}" if took else f"{at}{worded}")
    label = counted(len(sources), "source")
    cards = source_cards(sources)
    return Reply("bot", _answered(answer), foot, label, cards, answer.choices, judgeable=True)


def source_cards(sources: Sequence[Source]) -> str:
    """Passages: title, linked where it has an address on the web, excerpt and score."""
    views = [
        SourceView(
            title=source.title or source.passage_id,
            address=web_address(source.url),
            match=percent(source.score),
            # What the answer was taken from is there whole, the others to recognise them.
            excerpt=source.text if source.cited else shortened(source.text, EXCERPT_CHARACTERS),
        )
        for source in sources
    ]
    return render("support_qa/sources.html", sources=views)


def welcome(company: str, greeting: str) -> str:
    """What stands there before the first question."""
    return render("support_qa/welcome.html", initial=_initial(company), greeting=greeting)


def chat_header(company: str, presence: Pill) -> str:
    """Whose support this is, and whether somebody is there."""
    initial = _initial(company)
    return render("support_qa/head.html", initial=initial, company=company, presence=presence)


def _initial(company: str) -> str:
    """What stands in the circle beside the company's name."""
    return company[:1].upper()


def _answered(answer: Answer) -> str:
    sure = f"{confidence_words(answer.confidence)} · {percent(answer.confidence)}"
    return render(
        "support_qa/answered.html",
        text=answer.text,
        sure_percent=f"{answer.confidence * 100:.0f}",
        sure_words=sure,
    )


def _handed_over(answer: Answer) -> str:
    """That a person takes over, and why."""
    reason = REASONS.get(answer.handoff_reason, "") if answer.handoff_reason else ""
    return render("support_qa/handed_over.html", text=answer.text, reason=reason)


def _text(text: str) -> str:
    return render("support_qa/text.html", text=text)


def _foot(text: str) -> str:
    return render("support_qa/foot.html", text=text)


def _trouble(title: str, text: str) -> str:
    return render("support_qa/trouble.html", title=title, text=text)
