"""The HTML of a conversation: bubbles, sources, the waiting state, the handoff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from dashboards.markup import plain, shortened, web_address
from dashboards.support_qa.conversation import Exchange, WaitingQuestion
from dashboards.wording import (
    confidence_words,
    counted,
    milliseconds,
    percent,
    seconds,
    short_time,
)
from textwire.support_qa.messages import Answer, HandoffReason, Source

EXCERPT_CHARACTERS = 320

REASONS: dict[HandoffReason, str] = {
    "low_confidence": "Not sure enough",
    "customer_asked": "You asked for a person",
    "no_knowledge": "No knowledge to answer from",
}


Kind = Literal["bot", "handoff"]


@dataclass(frozen=True)
class Sourced:
    """A bubble in parts of HTML: what it says, its sources, which are folded away, and its foot."""

    kind: Kind
    said: str
    label: str
    sources: str
    foot: str


Bubble = str | Sourced


def exchange_bubbles(exchange: Exchange, zone: tzinfo) -> list[Bubble]:
    """A question and what came of it, apart: the first stays when the second comes."""
    bubbles: list[Bubble] = []
    if exchange.asked and exchange.asked.text:  # of what was refused, there may be no words
        bubbles.append(customer_bubble(exchange.asked.text, exchange.asked.at, zone))
    if exchange.answer:
        bubbles.append(answer_bubble(exchange.answer, exchange.latency_ms, zone))
    elif exchange.said:
        bubbles.append(bot_bubble(exchange.said.text, short_time(exchange.said.at, zone)))
    return bubbles


def waiting_bubbles(
    asked: WaitingQuestion, now: datetime, timeout_s: float, zone: tzinfo
) -> list[str]:
    """A question that is under way, or could not be sent, or waits for too long."""
    said = customer_bubble(asked.question.text, asked.asked_at, zone)
    if asked.problem:
        return [said, _trouble("Your question could not be sent.", asked.problem)]
    if asked.is_late(now, timeout_s):
        return [said, _trouble(*_late_words(timeout_s))]
    return [said, THINKING]


def customer_bubble(text: str, at: datetime, zone: tzinfo) -> str:
    """What the customer wrote."""
    return (
        f'<div class="tw-said tw-customer"><div class="tw-text">{plain(text)}</div>'
        f'<div class="tw-meta">{short_time(at, zone)}</div></div>'
    )


def bot_bubble(text: str, meta: str) -> str:
    """What the bot said, where nothing more is known of it."""
    return (
        f'<div class="tw-said tw-bot"><div class="tw-text">{plain(text)}</div>'
        f'<div class="tw-meta">{plain(meta)}</div></div>'
    )


def answer_bubble(answer: Answer, latency_ms: float | None, zone: tzinfo) -> Bubble:
    """An answer, a question back, a handoff, or why there is none of them."""
    if answer.outcome == "refused":
        return refused_bubble(answer, zone)
    if answer.outcome == "handed_over":
        foot = _foot(answer, latency_ms, zone, "handed over")
        return _bubble("handoff", _handed_over(answer), answer.sources, foot)
    foot = _foot(answer, latency_ms, zone, "answered")
    return _bubble("bot", _answered(answer), answer.sources, foot)


def refused_bubble(answer: Answer, zone: tzinfo) -> str:
    """Why a question could not be answered, and what can be sent instead."""
    return (
        f'<div class="tw-said tw-bot tw-refused"><div class="tw-text">{plain(answer.text)}</div>'
        f'<div class="tw-meta">{short_time(answer.answered_at, zone)} · not answered</div></div>'
    )


def confidence_meter(confidence: float) -> str:
    """How sure the bot is: a bar, words and a number."""
    return (
        f'<div class="tw-sure" title="How often answers this sure are right">'
        f'<span class="tw-bar"><b style="width:{confidence * 100:.0f}%"></b></span>'
        f"<span>{confidence_words(confidence)} · {percent(confidence)}</span></div>"
    )


def source_card(source: Source) -> str:
    """One passage: its title, linked where it has an address on the web, excerpt and score."""
    title = plain(source.title or source.passage_id)
    address = web_address(source.url)
    if address:
        title = f'<a href="{plain(address)}" target="_blank" rel="noopener noreferrer">{title}</a>'
    return (
        f'<div class="tw-source"><div class="tw-source-head"><span>{title}</span>'
        f'<span class="tw-score" title="How well the passage fits the question">'
        f"match {percent(source.score)}</span></div>"
        f"<p>{plain(shortened(source.text, EXCERPT_CHARACTERS))}</p></div>"
    )


def welcome(company: str, greeting: str) -> str:
    """What stands there before the first question."""
    return (
        f'<div class="tw-welcome">{avatar(company)}'
        f"<h1>Hello, how can we help?</h1><p>{plain(greeting)}</p></div>"
    )


def chat_header(company: str, presence: str) -> str:
    """Whose support this is, and whether somebody is there."""
    return (
        f'<div class="tw-chat-head">{avatar(company)}<div><strong>{plain(company)} Support'
        f"</strong>{presence}</div></div>"
    )


def avatar(company: str) -> str:
    """The company's initial on its colour."""
    return f'<span class="tw-avatar" aria-hidden="true">{plain(company[:1].upper())}</span>'


def _bubble(kind: Kind, said: str, sources: tuple[Source, ...], foot: str) -> Bubble:
    if not sources:
        return f'<div class="tw-said tw-{kind}">{said}{foot}</div>'
    cards = "".join(source_card(source) for source in sources)
    return Sourced(kind, said, _label(kind, len(sources)), cards, foot)


def _label(kind: Kind, sources: int) -> str:
    if kind == "handoff":
        return f"{counted(sources, 'passage')} that came closest"
    return counted(sources, "source")


def _answered(answer: Answer) -> str:
    return f'<div class="tw-text">{plain(answer.text)}</div>{confidence_meter(answer.confidence)}'


def _handed_over(answer: Answer) -> str:
    """That a person takes over, and why."""
    reason = REASONS.get(answer.handoff_reason) if answer.handoff_reason else None
    because = f'<span class="tw-why">{plain(reason)}</span>' if reason else ""
    return (
        f'<div class="tw-handoff-title"><span>A colleague will take over</span>{because}</div>'
        f'<div class="tw-text">{plain(answer.text)}</div>'
    )


def _foot(answer: Answer, latency_ms: float | None, zone: tzinfo, done: str) -> str:
    at = short_time(answer.answered_at, zone)
    took = "" if latency_ms is None else f" · {done} in {milliseconds(latency_ms)}"
    return f'<div class="tw-meta">{at}{took}</div>'


def _late_words(timeout_s: float) -> tuple[str, str]:
    return (
        f"No answer came within {seconds(timeout_s)}.",
        "Is the service up? See Operations. The answer shows here as soon as it comes.",
    )


def _trouble(title: str, text: str) -> str:
    return (
        f'<div class="tw-said tw-trouble" role="status"><strong>{plain(title)}</strong>'
        f"<p>{plain(text)}</p></div>"
    )


THINKING = (
    '<div class="tw-said tw-bot tw-thinking" role="status" aria-label="Looking for an answer">'
    "<i></i><i></i><i></i></div>"
)
