"""The pure middle of support QA: questions in, answers and handoffs out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime
from itertools import zip_longest
from threading import Event

from services.support_qa.answering import write_answer, write_hand_over
from services.support_qa.config import SupportQaSettings
from services.support_qa.conversations import Conversations, read_in_conversations
from services.support_qa.handing_over import reason_to_hand_over, write_handoff
from services.support_qa.knowledge import Knowledge, RetrievalSnapshot
from services.support_qa.refusing import refusal
from textwire.errors import RecordRejected, Unavailable
from textwire.observing.stages import Timed
from textwire.results.store import ResultStore
from textwire.stream.processor import Outgoing, Received, Rejected, Result
from textwire.support_qa.confidence import confidence as confidence_in
from textwire.support_qa.messages import Answer, Question, Turn
from textwire.support_qa.passage_index import Candidate
from textwire.support_qa.results import DAY_S, answer_turns, answer_writes
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
        conversations: ResultStore,
        clock: Clock,
        settings: SupportQaSettings,
        knowledge_read: Event,
        timed: Timed = nullcontext,
    ) -> None:
        """What the service stands on.

        Args: conversations: where the turns of sessions are.
              knowledge_read: set once all passages were read; nothing is answered before.
              timed: measures a stage of the work, by its name.
        """
        self._knowledge = knowledge
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
        conversations = Conversations(self._store, (q.session_id for q in questions))
        results: dict[int, Result] = {}
        for places in _rounds(questions):
            answered = self._answer(snapshot, [questions[place] for place in places], conversations)
            results.update(zip(places, answered, strict=True))
        return [results[place] for place in range(len(batch))]

    def refuse(self, rejected: Rejected) -> Result:
        """An answer that says why a question cannot be served, where it is known who asked."""
        return refusal(rejected, self.model, self._clock())

    def _wait_for_knowledge(self) -> None:
        # Lest a service that has just started hand over what it is about to know.
        if not self._knowledge_read.wait(KNOWLEDGE_WAIT_S):
            raise Unavailable("The knowledge is still being read.")

    def _answer(
        self,
        snapshot: RetrievalSnapshot,
        questions: Sequence[Question],
        conversations: Conversations,
    ) -> list[Result]:
        """Results for questions of different sessions."""
        before = [conversations.before(question) for question in questions]
        texts = read_in_conversations(questions, before, self._settings.turns)
        with self._timed("infer"):
            vectors = snapshot.index.encoder.encode(texts)
        with self._timed("retrieve"):
            found = snapshot.index.search_encoded(texts, vectors, self._settings.candidates)
        results = []
        for question, turns, candidates in zip(questions, before, found, strict=True):
            answer, result = self._answer_one(snapshot, question, turns, candidates)
            conversations.add(question, answer)
            results.append(result)
        return results

    def _answer_one(
        self,
        snapshot: RetrievalSnapshot,
        question: Question,
        before: Sequence[Turn],
        found: Sequence[Candidate],
    ) -> tuple[Answer, Result]:
        confidence = confidence_in(found, snapshot.calibration)
        reason = reason_to_hand_over(question.text, found, confidence, snapshot.threshold)
        at = self._clock()
        if reason is None:
            answer = write_answer(
                question, found, confidence, self._settings.sources, snapshot.version, at
            )
            return answer, self._result(question, answer)
        answer = write_hand_over(question, reason, confidence, snapshot.version, at)
        asked, _ = answer_turns(question, answer)
        handoff = write_handoff(question, reason, before, asked, found)
        return answer, self._result(question, answer, Outgoing(SUPPORT_HANDOFFS, handoff))

    def _result(self, question: Question, answer: Answer, *others: Outgoing) -> Result:
        kept_s = round(self._settings.conversation_days * DAY_S) or 1
        return Result(
            messages=(Outgoing(SUPPORT_ANSWERS, answer), *others),
            writes=tuple(answer_writes(question, answer, kept_s)),
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
