"""The pure middle of support QA: questions in, answers and handoffs out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from itertools import zip_longest
from threading import Event

import msgspec

from services.support_qa.bot_words import BotWords, read_foreign_words, refused_words
from services.support_qa.config import SupportQaSettings
from services.support_qa.handovers.handing_over import write_handoff
from services.support_qa.handovers.waiting import told_while_waiting, with_standing
from services.support_qa.knowledge.snapshot import Knowledge, RetrievalSnapshot
from services.support_qa.knowledge.unanswered import unanswered
from services.support_qa.language_model.answering import AnswerWording, ToWord
from services.support_qa.replying.answering import as_sources, write_answer
from services.support_qa.replying.refusing import refusal
from services.support_qa.replying.replying import Bounds, Reply, reply_to
from services.support_qa.understanding.act_reading import (
    ReadsActs,
    asking_beside_data,
    asking_clauses,
    surest_readings,
)
from services.support_qa.understanding.conversations import Conversations
from services.support_qa.understanding.reranking import Reranking, RerankModel
from services.support_qa.understanding.retrieving import Retrieval
from services.support_qa.understanding.understanding import Understood, understood
from textwire.errors import RecordRejected, Unavailable
from textwire.language import foreign_language
from textwire.language_model.asking import TimeLimit
from textwire.observing.stages import Timed
from textwire.results.store import ResultStore
from textwire.results.writes import Write
from textwire.stream.processor import Outgoing, Received, Rejected, Result
from textwire.support_qa.analytics_results import answer_count_writes
from textwire.support_qa.contradictions import Contradiction
from textwire.support_qa.desk_results import (
    STANDING_S,
    handoff_writes,
    read_handoffs,
    suggestion_writes,
    usual_wait,
)
from textwire.support_qa.knowledge_results import trial_writes, unanswered_writes
from textwire.support_qa.masking import MASK, masked
from textwire.support_qa.messages import Act, Answer, Handoff, Question, Turn
from textwire.support_qa.parts import part_over
from textwire.support_qa.passage_index import PassageIndex
from textwire.support_qa.results import answer_turns, answer_writes
from textwire.support_qa.topics import SUPPORT_ANSWERS, SUPPORT_HANDOFFS, SUPPORT_QUESTIONS
from textwire.wire.topic import Topic

Clock = Callable[[], datetime]

# Short, so that a service which is told to stop meanwhile does.
KNOWLEDGE_WAIT_S = 0.5


class SupportQa:
    """Answers batches of questions from the snapshot that stands when the batch begins."""

    name = "support-qa"
    inputs: tuple[Topic, ...] = (SUPPORT_QUESTIONS,)

    def __init__(
        self,
        knowledge: Knowledge,
        acts: ReadsActs,
        words: BotWords,
        conversations: ResultStore,
        clock: Clock,
        settings: SupportQaSettings,
        knowledge_read: Event,
        timed: Timed = nullcontext,
        contradicted: Callable[[Contradiction], None] = lambda _: None,
        told_of: Callable[[Answer], None] = lambda _: None,
        reranking: RerankModel | None = None,
        wording: AnswerWording | None = None,
    ) -> None:
        """What the service stands on.

        Args: acts: tells what each message does. words: all that the bot says of its own.
              conversations: where the turns of sessions are.
              knowledge_read: set once all passages were read; nothing is answered before.
              timed: measures a stage of the work, by its name.
              contradicted: told of two passages that contradict each other, each time they do.
              told_of: told of each answer, for figures.
              reranking: reads the best passages once more; None: the retriever's order stands.
              wording: puts answers in a language model's words; None: they are in the passages'.
        """
        self._retrieval = Retrieval(settings, timed, contradicted)
        self._told_of = told_of
        self._reranking = reranking
        self._wording = wording
        self._knowledge = knowledge
        self._acts, self._words = acts, words
        self._refused_words = refused_words(words)
        self._foreign_words = read_foreign_words()
        self._knowledge_read = knowledge_read
        self._timed = timed
        self._store = conversations
        self._clock = clock
        self._settings = settings

    @property
    def model(self) -> str:
        """The version of the model in use."""
        return self._knowledge.snapshot.version

    def process(self, batch: Sequence[Received]) -> list[Result]:
        """An answer for each question, and a handoff where a person has to take over.

        Questions of one session are answered one after the other, each seeing the turns before it,
        and those of different sessions together.

        Raises: RecordRejected: a question without any words.
                RedisUnavailable: the conversations are away.
                Unavailable: the knowledge is still being read.
        """
        self._wait_for_knowledge()
        questions = [_checked(received.message) for received in batch]
        # Taken once: another model or other passages come in between two batches.
        snapshot = self._knowledge.snapshot
        reranking = self._reranking.beside(snapshot.version) if self._reranking else None
        conversations = Conversations(self._store, (q.session_id for q in questions))
        limit = self._wording.begin() if self._wording else None
        results: dict[int, Result] = {}
        for places in _rounds(questions):
            answered = self._answer(
                snapshot, reranking, [questions[place] for place in places], conversations, limit
            )
            results.update(zip(places, answered, strict=True))
        self._tell_figures(questions, results)
        return [results[place] for place in range(len(batch))]

    def refuse(self, rejected: Rejected) -> Result:
        """An answer that says why a question cannot be served, where it is known who asked."""
        return refusal(
            rejected,
            self._refused_words,
            self.model,
            self._clock(),
            self._settings,
            self._is_with_colleague,
        )

    def _is_with_colleague(self, session_id: str) -> bool:
        """Whether a session's handoff is open or taken; not, where the store is away just now."""
        try:
            handoff = read_handoffs(self._store, {session_id}).get(session_id)
        except Unavailable:
            return False
        return handoff is not None and handoff.state != "closed"

    def _tell_figures(self, questions: Sequence[Question], results: Mapping[int, Result]) -> None:
        """At the end: where one question fails, all of its batch are answered anew."""
        for place, question in enumerate(questions):
            for told in results[place].messages:
                if isinstance(told.message, Answer) and not question.trial:
                    self._told_of(told.message)

    def _wait_for_knowledge(self) -> None:
        # Lest a service that has just started hand over what it is about to know.
        if not self._knowledge_read.wait(KNOWLEDGE_WAIT_S):
            raise Unavailable("The knowledge is still being read.")

    def _answer(
        self,
        snapshot: RetrievalSnapshot,
        reranking: Reranking | None,
        questions: Sequence[Question],
        conversations: Conversations,
        limit: TimeLimit | None,
    ) -> list[Result]:
        """Results for questions of different sessions."""
        before = [conversations.before(question) for question in questions]
        with self._timed("understand"):
            messages = self._understood(snapshot.index, questions, before)
        judged_by = reranking or snapshot
        bounds = Bounds(judged_by.threshold, self._settings.ask_back_from)
        found = self._retrieval.found(
            snapshot, reranking, questions, messages, before, bounds.answer
        )
        standing = [conversations.standing(question) for question in questions]
        kept = [self._kept(q, m.act) for q, m in zip(questions, messages, strict=True)]
        replies = [
            with_standing(reply_to(message, turns, of_message, bounds, self._words.language), one)
            for message, turns, of_message, one in zip(
                messages, before, found, standing, strict=True
            )
        ]
        answers = self._written(snapshot, kept, messages, replies, before, bounds, limit)
        results = []
        for question, message, turns, one, reply, written in zip(
            kept, messages, before, standing, replies, answers, strict=True
        ):
            answer = self._told(written, one, message.foreign)
            opened = self._handoff(question, answer, turns, reply)
            conversations.add(question, answer, opened)
            results.append(
                Result((Outgoing(SUPPORT_ANSWERS, answer),), tuple(trial_writes(answer)))
                if question.trial
                else self._result(question, message, answer, reply, opened, one)
            )
        return results

    def _written(
        self,
        snapshot: RetrievalSnapshot,
        questions: Sequence[Question],
        messages: Sequence[Understood],
        replies: Sequence[Reply],
        before: Sequence[Sequence[Turn]],
        bounds: Bounds,
        limit: TimeLimit | None,
    ) -> list[Answer]:
        """An answer for each, in the passages' own sentences or in a language model's words."""
        answers = [
            write_answer(
                question,
                message,
                reply,
                self._words,
                self._foreign_words,
                self._settings.sources,
                snapshot.version,
                self._clock(),
            )
            for question, message, reply in zip(questions, messages, replies, strict=True)
        ]
        if self._wording is None or limit is None:
            return answers
        to_word = [
            ToWord(question, answer, turns, len(reply.found), bounds.answer)
            for question, answer, turns, reply in zip(
                questions, answers, before, replies, strict=True
            )
        ]
        with self._timed("word"):
            worded = self._wording.worded(to_word, limit)
        at = self._clock()
        return [msgspec.structs.replace(answer, answered_at=at) for answer in worded]

    def _understood(
        self,
        index: PassageIndex,
        questions: Sequence[Question],
        before: Sequence[Sequence[Turn]],
    ) -> list[Understood]:
        helping = [
            turns[-self._settings.turns :] if self._settings.turns else [] for turns in before
        ]
        texts = [question.text for question in questions]
        readings = surest_readings(self._acts, texts, index.corrected(texts), helping)
        readings = asking_beside_data(self._acts, texts, readings, helping)
        kept = [self._masked(text) for text in texts]
        asking = asking_clauses(self._acts, kept, readings)
        return [
            understood(
                text,
                turns,
                reading,
                foreign_language(question.text, self._words.language),
                is_heading=index.has_heading(question.text),
                asking=some,
            )
            for question, text, turns, reading, some in zip(
                questions, kept, helping, readings, asking, strict=True
            )
        ]

    def _masked(self, text: str) -> str:
        return masked(text) if self._settings.mask_personal_data else text

    def _kept(self, question: Question, act: Act) -> Question:
        """The message as it is stored and passed on: without what must not be kept."""
        if not self._settings.mask_personal_data:
            return question
        kept = MASK if act == "personal_data" else masked(question.text)
        return msgspec.structs.replace(question, text=kept)

    def _told(self, answer: Answer, standing: Handoff | None, foreign: str | None) -> Answer:
        wait = usual_wait(self._store) if answer.outcome in ("handed_over", "waiting") else None
        return told_while_waiting(answer, standing, foreign, wait, self._words, self._foreign_words)

    def _part_over(self, answer: Answer) -> list[Write]:
        """With a language model, what lets go of how the answer was shown to begin."""
        is_shown = self._wording is not None and answer.outcome == "answered"
        return [part_over(answer.session_id, answer.question_id)] if is_shown else []

    def _handoff(
        self, question: Question, answer: Answer, before: Sequence[Turn], reply: Reply
    ) -> Handoff | None:
        """What is opened for a colleague, if anything is."""
        if reply.outcome != "handed_over" or reply.reason is None:
            return None
        asked, _ = answer_turns(question, answer)
        if question.trial:
            return None
        candidates = [candidate for one in reply.found for candidate in one.candidates]
        return write_handoff(question, reply.reason, before, asked, candidates, answer.answered_at)

    def _result(
        self,
        question: Question,
        message: Understood,
        answer: Answer,
        reply: Reply,
        opened: Handoff | None,
        standing: Handoff | None,
    ) -> Result:
        kept_s = self._settings.conversation_s
        answered = Outgoing(SUPPORT_ANSWERS, answer)
        counted = [*answer_count_writes(answer), *self._part_over(answer)]
        missing = unanswered_writes(unanswered(question, message, reply, answer))
        if not (opened or standing):
            writes = answer_writes(question, answer, kept_s)
            return Result((answered,), (*writes, *counted, *missing))
        candidates = [candidate for one in reply.found for candidate in one.candidates]
        return Result(
            (answered, Outgoing(SUPPORT_HANDOFFS, opened)) if opened else (answered,),
            (
                *answer_writes(question, answer, kept_s, STANDING_S),
                *counted,
                *missing,
                *(handoff_writes(opened) if opened else ()),
                *suggestion_writes(question.session_id, as_sources(candidates)),
            ),
        )


def _checked(question: Question) -> Question:
    if not question.text.strip():
        raise RecordRejected("The question's text is empty. Send some words in `text`.")
    return question


def _rounds(questions: Sequence[Question]) -> list[list[int]]:
    """Places of the questions, those first in their sessions, then those second, and so on."""
    by_session: defaultdict[str, list[int]] = defaultdict(list)
    for place, question in enumerate(questions):
        by_session[question.session_id].append(place)
    return [
        sorted(place for place in places if place is not None)
        for places in zip_longest(*by_session.values())
    ]
