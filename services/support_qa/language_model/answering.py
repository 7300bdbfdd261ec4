"""Answers in a language model's words, as far as their sources support them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from msgspec.structs import replace

from services.support_qa.language_model.judging import JudgedReply, Kept, cited_text, plain_text
from services.support_qa.language_model.metrics import WordingMetrics
from services.support_qa.language_model.prompt import write_prompt
from services.support_qa.language_model.reading import without_citations
from services.support_qa.language_model.showing import ShownParts
from textwire.language_model.asking import Came, LanguageModel, TimeLimit
from textwire.language_model.endpoint import Messages
from textwire.language_model.failures import NotWorded
from textwire.support_qa.messages import Answer, Question, Source, Turn
from textwire.support_qa.parts import AnswerPart


@dataclass(frozen=True)
class ToWord:
    """An answer in the passages' own sentences, with what was asked and said before.

    passages  on which it stands, one for each question in the message.
    """

    question: Question
    answer: Answer
    before: Sequence[Turn]
    passages: int
    surely_answers: float  # the confidence from which on a passage answers by itself


class AnswerWording:
    """Has answers worded. Whatever fails, they stay as they are, or go on as they were shown."""

    def __init__(
        self,
        model: LanguageModel,
        name: str,
        metrics: WordingMetrics,
        parts: ShownParts | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """What words them.

        Args: name: of the model, which answers bear that it worded.
              parts: shows how answers begin; None: they come whole.
              clock: in seconds.
        """
        self._model, self._name, self._metrics = model, name, metrics
        self._parts, self._clock = parts, clock

    def begin(self) -> TimeLimit:
        """The time that the answers of one batch have, from now on."""
        return self._model.begin()

    def worded(self, written: Sequence[ToWord], limit: TimeLimit) -> list[Answer]:
        """The same answers, those in the model's words whose outcome and sources allow it."""
        asked = {place: one for place, one in enumerate(written) if _may_ask(one)}
        if not asked:
            return [one.answer for one in written]
        replies = {place: self._reply_to(one) for place, one in asked.items()}
        came = self._model.ask(
            [_prompt(one) for one in asked.values()],
            limit,
            [reply.heard for reply in replies.values()],
        )
        if self._parts:
            self._parts.over((one.answer.session_id, one.answer.question_id) for one in written)
        answers, failures = [one.answer for one in written], []
        for place, said in zip(asked, came, strict=True):
            one, reply = asked[place], replies[place]
            failure = _failure(one, reply, said)
            if failure is None or reply.shown:
                answers[place] = self._in_its_words(one, _whole(one, reply, failure))
            if not isinstance(said, NotWorded) or reply.shown:
                self._metrics.sentences(len(reply.kept), reply.dropped)
            if failure:
                failures.append(failure)
            else:
                self._metrics.worded()
        self._metrics.not_worded(failures, left_alone=self._model.is_left_alone)
        return answers

    def _reply_to(self, one: ToWord) -> JudgedReply:
        said_before = [without_citations(turn.text) for turn in one.before if turn.role == "bot"]
        return JudgedReply(_sources(one), said_before, self._shows(one))

    def _shows(self, one: ToWord) -> Callable[[Sequence[Kept]], None] | None:
        """What shows how an answer begins; None where nobody watches."""
        parts, answer, began_s = self._parts, one.answer, self._clock()
        if parts is None or one.question.trial:
            return None
        begun: list[float] = []

        def show(kept: Sequence[Kept]) -> None:
            if not begun:
                begun.append(self._clock() - began_s)
                self._metrics.first_sentence(begun[0])
            parts.show(
                AnswerPart(
                    question_id=answer.question_id,
                    session_id=answer.session_id,
                    text=plain_text(kept),
                )
            )

        return show

    def _in_its_words(self, one: ToWord, kept: Sequence[Kept]) -> Answer:
        stands_on: dict[int, list[str]] = {place: [] for place in range(len(one.answer.sources))}
        for _, place, resting_on in kept:
            stands_on[place] += resting_on
        sources = [
            replace(source, cited=tuple(dict.fromkeys(stands_on[place])))
            for place, source in enumerate(one.answer.sources)
        ]
        text = cited_text(kept)
        return replace(one.answer, text=text, sources=tuple(sources), worded_by=self._name)


def _failure(one: ToWord, reply: JudgedReply, said: Came) -> NotWorded | None:
    """Why the reply does not stand for the answer, if it does not."""
    # Not raised: one that stands for many would gather all their tracebacks.
    if isinstance(said, NotWorded):
        return said
    try:
        reply.ended(said.text, cut_off=said.cut_off)
        _require_enough(one, reply)
    except NotWorded as error:
        return error
    return None


def _whole(one: ToWord, reply: JudgedReply, failure: NotWorded | None) -> list[Kept]:
    """The sentences of the answer: the reply's; where it failed, then the passages' own.

    So what was shown stays, and the rest of the answer comes behind it.
    """
    if failure is None:
        return reply.kept
    told = {(place, sentence) for _, place, resting_on in reply.kept for sentence in resting_on}
    own = [
        (sentence, place, (sentence,))
        for place, source in enumerate(one.answer.sources)
        for sentence in source.cited
        if (place, sentence) not in told
    ]
    return [*reply.kept, *own]


def _may_ask(one: ToWord) -> bool:
    is_answer = one.answer.outcome == "answered" and one.answer.act != "personal_data"
    # What is asked back behind an answer stands in the bot's own words.
    if one.answer.choices:
        return False
    # Where fewer sources are shown than the answer stands on, it could not be cited whole.
    return is_answer and 0 < len(_answering(one.answer)) == one.passages


def _prompt(one: ToWord) -> Messages:
    leans = one.answer.act == "follow_up"
    asked = [turn.text for turn in one.before if turn.role == "customer"] if leans else []
    return write_prompt(one.question.text, asked[-1] if asked else "", _sources(one))


def _sources(one: ToWord) -> tuple[Source, ...]:
    """The sources that the model may use: the first ones, so that their numbers stay.

    What the answer stands on, and what behind it would answer as surely.
    """
    usable = len(_answering(one.answer))
    for source in one.answer.sources[usable:]:
        if source.score < one.surely_answers:
            break
        usable += 1
    return one.answer.sources[:usable]


def _answering(answer: Answer) -> list[Source]:
    return [source for source in answer.sources if source.cited]


def _require_enough(one: ToWord, reply: JudgedReply) -> None:
    """Raises: NotWorded: too little is left, or a question of the message is not answered."""
    if not reply.enough:
        kept, judged = len(reply.kept), len(reply.kept) + reply.dropped
        raise NotWorded("unsupported", f"of {judged} sentences the passages support {kept}")
    if not set(range(len(_answering(one.answer)))) <= {source for _, source, _ in reply.kept}:
        raise NotWorded("incomplete", "it leaves out a passage that answers")
    text = cited_text(reply.kept)
    if any(turn.role == "bot" and turn.text == text for turn in one.before):
        raise NotWorded("repeated", "it says the same again")
