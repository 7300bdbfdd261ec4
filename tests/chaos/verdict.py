"""What went in against what came out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

from tests.chaos.ledger import Answered, Ledger, Sent

SHOWN = 8
One = TypeVar("One", bound=Hashable)


@dataclass
class Verdict:
    """What was wrong, each with the first few cases; nothing where all is well."""

    inputs: int = 0
    dead_expected: int = 0
    dead_found: int = 0
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def ok(self) -> bool:
        """Whether nothing was."""
        return not any(self.faults.values())

    def count(self, fault: str) -> int:
        """How many cases there are of a fault."""
        return len(self.faults.get(fault, ()))

    def add(self, fault: str, cases: Iterable[str]) -> None:
        """More cases of a fault."""
        self.faults[fault] += cases

    def __str__(self) -> str:
        return "\n".join(
            f"{fault}: {len(cases)}, such as {'; '.join(cases[:SHOWN])}"
            for fault, cases in self.faults.items()
            if cases
        )


def verdict_of(ledger: Ledger, *, numbered: bool) -> Verdict:
    """Every input once in the output or among the dead letters, in order; nothing else.

    Args: numbered: answers must bear the numbers 1, 2, 3 and so on of their session.
    """
    asked = [sent for sent in ledger.sent if sent.expected == "answer"]
    bad = [sent for sent in ledger.sent if sent.expected == "dead letter"]
    verdict = Verdict(len(ledger.sent), len(bad), len(ledger.dead))
    answered = Counter(answer.id for answer in ledger.answers)
    wanted = Counter(sent.id for sent in asked)
    doubtful = set(ledger.unsure)
    verdict.add("lost", _surplus(wanted, answered))
    verdict.add("doubled", (id_ for id_ in _surplus(answered, wanted) if id_ not in doubtful))
    died = Counter(letter.of for letter in ledger.dead)
    should_die = Counter(sent.place for sent in bad)
    verdict.add("dead letters lost", _surplus(should_die, died))
    reasons = {letter.of: letter.reason for letter in ledger.dead}
    verdict.add(
        "dead letters too many",
        (f"{place}: {reasons[place]}" for place in (died - should_die).elements()),
    )
    verdict.add("out of order", _disordered(asked, ledger.answers))
    if numbered:
        verdict.add("misnumbered", _misnumbered(asked, ledger.answers))
    return verdict


def counted_once(verdict: Verdict, wanted: Iterable[str], counts: Mapping[str, int]) -> None:
    """In Redis, each once."""
    expected, found = Counter(wanted), Counter(dict(counts))
    verdict.add("lost in Redis", _surplus(expected, found))
    verdict.add("doubled in Redis", _surplus(found, expected))


def _surplus(these: Counter[One], those: Counter[One]) -> list[str]:
    return [str(one) for one in (these - those).elements()]


def _disordered(asked: Iterable[Sent], answers: Iterable[Answered]) -> list[str]:
    """Answers before which a later record of the same key and partition was answered."""
    sent_as = {sent.id: sent for sent in asked}
    order: defaultdict[Hashable, list[Answered]] = defaultdict(list)
    for answer in answers:
        if answer.id in sent_as:
            order[answer.key, sent_as[answer.id].place.partition].append(answer)
    return [
        f"{later.id} after {earlier.id} of {later.key}"
        for of_key in order.values()
        for earlier, later in pairwise(of_key)
        if sent_as[later.id].turn < sent_as[earlier.id].turn
    ]


def _misnumbered(asked: Iterable[Sent], answers: Iterable[Answered]) -> list[str]:
    """Answers that bear another number than their place among their session's questions."""
    right: dict[str, int] = {}
    of_session: Counter[str] = Counter()
    for sent in sorted(asked, key=lambda one: one.turn):
        of_session[sent.key] += 1
        right[sent.id] = of_session[sent.key]
    return [
        f"{answer.id} of {answer.key}: {answer.number} for {right[answer.id]}"
        for answer in answers
        if answer.id in right and answer.number != right[answer.id]
    ]
