"""Answers in a language model's words, as far as their sources support them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from services.support_qa.extracting import GOES_ON
from services.support_qa.language_model.grounding import Evidence, support
from services.support_qa.language_model.metrics import WordingMetrics
from services.support_qa.language_model.prompt import write_prompt
from services.support_qa.language_model.reading import read_sentences
from textwire.language_model.asking import LanguageModel, TimeLimit
from textwire.language_model.endpoint import Messages, Said
from textwire.language_model.failures import NotWorded
from textwire.support_qa.messages import Answer, Question, Source, Turn

# An answer of which most had to be dropped is not one to build on.
LEAST_KEPT = 0.5
# Nobody reads more; and a sentence as long as this is none.
MOST_SENTENCES = 12
MOST_SENTENCE_CHARACTERS = 600


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
    """Has answers worded. Whatever fails, they stay as they are."""

    def __init__(self, model: LanguageModel, name: str, metrics: WordingMetrics) -> None:
        """Args: name: of the model, which answers bear that it worded."""
        self._model, self._name, self._metrics = model, name, metrics

    def begin(self) -> TimeLimit:
        """The time that the answers of one batch have, from now on."""
        return self._model.begin()

    def worded(self, written: Sequence[ToWord], limit: TimeLimit) -> list[Answer]:
        """The same answers, those in the model's words whose outcome and sources allow it."""
        prompts = {place: _prompt(one) for place, one in enumerate(written) if _may_ask(one)}
        if not prompts:
            return [one.answer for one in written]
        came = dict(zip(prompts, self._model.ask(list(prompts.values()), limit), strict=True))
        answers, failures = [one.answer for one in written], []
        for place, said in came.items():
            # Not raised: one that stands for many would gather all their tracebacks.
            if isinstance(said, NotWorded):
                failures.append(said)
                continue
            try:
                answers[place] = self._in_its_words(written[place], said)
                self._metrics.worded()
            except NotWorded as error:
                failures.append(error)
        self._metrics.not_worded(failures, left_alone=self._model.is_left_alone)
        return answers

    def _in_its_words(self, one: ToWord, said: Said) -> Answer:
        sentences = read_sentences(said.text, cut_off=said.cut_off)
        usable = _sources(one)
        kept = supported(sentences, usable)
        self._metrics.sentences(len(kept), len(sentences) - len(kept))
        _require_enough(one, sentences, kept)
        text = cited_text(kept)
        if any(turn.role == "bot" and turn.text == text for turn in one.before):
            raise NotWorded("repeated", "it says the same again")
        stands_on: dict[int, list[str]] = {place: [] for place in range(len(usable))}
        for _, place, resting_on in kept:
            stands_on[place] += resting_on
        sources = [
            replace(source, cited=tuple(dict.fromkeys(stands_on.get(place, ()))))
            for place, source in enumerate(one.answer.sources)
        ]
        return replace(one.answer, text=text, sources=tuple(sources), worded_by=self._name)


Kept = tuple[str, int, tuple[str, ...]]
"""A sentence, the place of its source, and the sentences of it that it rests on."""


def supported(sentences: Sequence[str], sources: Sequence[Source]) -> list[Kept]:
    """The sentences that the sources support, in their order.

    One that goes on from a sentence that is dropped ("It costs…") is dropped with it.
    """
    passages = [Evidence(one.text, one.title or "", one.url or "") for one in sources]
    kept: list[Kept] = []
    dropped_before = False
    for sentence in sentences[:MOST_SENTENCES]:
        leans = dropped_before and GOES_ON.match(sentence)
        too_long = len(sentence) > MOST_SENTENCE_CHARACTERS
        found = None if leans or too_long else support(sentence, passages)
        dropped_before = found is None
        if found:
            kept.append((sentence, *found))
    return kept


def cited_text(kept: Sequence[Kept]) -> str:
    """The sentences; behind those of one source its number, as the answer counts its sources."""
    text = ""
    for place, (sentence, source, _) in enumerate(kept):
        is_last_of_source = place + 1 == len(kept) or kept[place + 1][1] != source
        text += f"{sentence} [{source + 1}] " if is_last_of_source else f"{sentence} "
    return text.rstrip()


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


def _require_enough(one: ToWord, sentences: Sequence[str], kept: Sequence[Kept]) -> None:
    """Raises: NotWorded: too little is left, or a question of the message is not answered."""
    if len(kept) < max(1, LEAST_KEPT * len(sentences)):
        told = f"of {len(sentences)} sentences the passages support {len(kept)}"
        raise NotWorded("unsupported", told)
    if not set(range(len(_answering(one.answer)))) <= {source for _, source, _ in kept}:
        raise NotWorded("incomplete", "it leaves out a passage that answers")
