"""Writing the answer that was decided on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from services.support_qa.bot_words import BotWords, ForeignWords, OtherWords
from services.support_qa.replying.replying import Found, Reply
from services.support_qa.understanding.understanding import Understood
from textwire.support_qa.messages import Answer, Question, Source
from textwire.support_qa.passage_index import Candidate
from textwire.support_qa.passage_lists import as_it_stands

# What is handed to a colleague of a passage that may answer, to recognise it.
SOURCE_CHARACTERS = 1_000
# What stands behind an answer is whole, as far as a few of them fit into one message.
CITED_CHARACTERS = 20_000


def write_answer(
    question: Question,
    message: Understood,
    reply: Reply,
    words: BotWords,
    foreign_words: ForeignWords,
    sources: int,
    model: str,
    at: datetime,
) -> Answer:
    """What the customer reads, with at most `sources` passages that support it."""
    handed_over = reply.outcome == "handed_over"
    return Answer(
        question_id=question.id or "",
        session_id=question.session_id,
        outcome=reply.outcome,
        text=foreign_words.to_speaker_of(message.foreign, words.language)
        if message.foreign and reply.outcome != "answered"
        else _text(question, message, reply, words),
        confidence=reply.confidence,
        sources=_cited(reply.found, reply.unsure)[:sources] if reply.outcome == "answered" else (),
        model=model,
        answered_at=at,
        handoff_reason=reply.reason if handed_over else None,
        act=None if message.foreign else message.act,
        choices=reply.choices,
    )


def _text(question: Question, message: Understood, reply: Reply, words: BotWords) -> str:
    """What is said: in distress first a kind word, and never what is said to anyone."""
    kind = {"danger": words.others.in_danger, "grief": words.others.condolence}
    first = kind[message.distress] if message.distress else None
    if first is None:
        return _plain_text(question, message, reply, words)
    match reply.outcome:
        case "handed_over":
            then = words.others.passing_on or words.handed_over["customer_asked"]
        case "waiting":
            then = words.others.waiting
        case "acknowledged":
            then = words.others.still_here or words.reply_to("question", question.id or "")
        case _:
            then = _plain_text(question, message, reply, words)
    return f"{first} {then}"


def _plain_text(question: Question, message: Understood, reply: Reply, words: BotWords) -> str:
    match reply.outcome:
        case "answered":
            told = [
                f"{as_it_stands(one.candidates[0].passage.text, one.sentences)} [{number}]"
                for number, one in enumerate(reply.found, start=1)
            ]
            others = words.others
            asks = [others.asked_back_too or others.asked_back] if reply.choices else []
            return "\n\n".join([*told, *asks])
        case "asked_back":
            return _asked_back(message, reply, words.others)
        case "handed_over":
            return words.handed_over[reply.reason or "low_confidence"]
        case "waiting":
            asked = reply.reason == "customer_asked"
            return words.others.waiting if asked else words.others.still_unknown
        case "acknowledged" if reply.found and words.others.not_known_to_me:
            return words.others.not_known_to_me
        case "acknowledged" if reply.declined and words.others.none_of_these:
            return words.others.none_of_these
        case _:
            return words.reply_to(message.act, question.id or question.text)


def _asked_back(message: Understood, reply: Reply, others: OtherWords) -> str:
    if reply.rejected:
        return others.not_what_was_asked or others.asked_back
    if reply.which:
        return others.which_one or others.asked_back
    if reply.again:
        return others.asked_again
    return (others.not_your_account if message.of_own else None) or others.asked_back


def _cited(found: Sequence[Found], unsure: Sequence[Found]) -> tuple[Source, ...]:
    """First what each answer stands on, by its number in the text, then what else may answer."""
    first = [_source(one.candidates[0], CITED_CHARACTERS, one.sentences) for one in found]
    texts = {one.candidates[0].passage.text for one in found}
    behind = [c for one in unsure for c in one.candidates]
    behind += [c for one in found for c in one.candidates[1:]]
    others = [candidate for candidate in behind if candidate.passage.text not in texts]
    asked = {c.passage.id: c.passage.question for c in (*behind, *(f.candidates[0] for f in found))}
    return _told_apart((*first, *as_sources(others)), asked)


def _told_apart(sources: Sequence[Source], asked: Mapping[str, str | None]) -> tuple[Source, ...]:
    """Sources of one page under their own questions, where the page's title says which of none."""
    titles = Counter(source.title for source in sources)
    return tuple(
        replace(source, title=asked[source.passage_id] or source.title)
        if titles[source.title] > 1
        else source
        for source in sources
    )


def as_sources(candidates: Sequence[Candidate]) -> tuple[Source, ...]:
    """The candidates in their order, repeats of a text left out."""
    different: dict[str, Candidate] = {}
    for candidate in candidates:
        different.setdefault(candidate.passage.text, candidate)
    return tuple(_source(candidate, SOURCE_CHARACTERS) for candidate in different.values())


def _source(candidate: Candidate, characters: int, cited: tuple[str, ...] = ()) -> Source:
    passage = candidate.passage
    return Source(
        passage_id=passage.id,
        title=passage.title or passage.question,
        url=passage.url,
        text=shortened(passage.text, characters),
        score=candidate.fit,
        cited=cited,
    )


def shortened(text: str, characters: int) -> str:
    """The text, or its beginning with an ellipsis."""
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"
