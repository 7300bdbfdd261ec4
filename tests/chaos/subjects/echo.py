"""The echo service: the loop that every service runs, with nothing around it that takes time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

import msgspec

from tests.chaos.arrivals import Reads
from tests.chaos.bad_records import Mixture
from tests.chaos.echo import EchoTopics
from tests.chaos.faults.clock import clock_environment
from tests.chaos.fleet import Replica
from tests.chaos.ledger import Answered
from tests.chaos.load import Sending, questions
from tests.chaos.verdict import Verdict, counted_once
from tests.chaos.world import World
from textwire.support_qa.messages import Answer
from textwire.wire.topic import Topic

TOPICS = EchoTopics("echo")


class EchoSubject:
    """Three replicas or so of it.

    behind_proxy  whether the first comes to the brokers through the proxies.
    own_clock     whether the first has a clock that can be set.
    remembers     whether nothing that Redis held was lost, so that all must be counted there.
    """

    topics: tuple[Topic, ...] = (TOPICS.questions, TOPICS.answers)

    def __init__(
        self, *, behind_proxy: bool = False, own_clock: bool = False, remembers: bool = True
    ) -> None:
        self._behind_proxy, self._own_clock = behind_proxy, own_clock
        self._remembers = remembers

    @property
    def reads(self) -> Reads:
        """Answers."""
        return {TOPICS.answers.name: _read}

    def prepare(self, world: World) -> None:
        """It needs nothing."""

    def replicas(self, world: World, count: int, settings: Mapping[str, str]) -> list[Replica]:
        """All alike, but for the first."""
        command = ("-m", "tests.chaos.echo_service", TOPICS.name)
        return [
            Replica(
                world.folder / "logs",
                TOPICS.name,
                number,
                command,
                {
                    **world.environment(proxied=self._behind_proxy and number == 0),
                    **(clock_environment(world.folder) if self._own_clock and not number else {}),
                    **settings,
                },
            )
            for number in range(count)
        ]

    def sendings(self, dice: Random, mixture: Mixture) -> Iterator[Sending]:
        """Questions."""
        return questions(TOPICS.questions.name, dice, mixture)

    def unseen(self, world: World) -> int:
        """None: every answer shows."""
        return 0

    def judge_redis(self, world: World, verdict: Verdict) -> None:
        """Each question is counted once; where Redis lost its memory, at most once."""
        found = world.redis.hgetall(TOPICS.counts_key)
        counts = {id_.decode(): int(count) for id_, count in found.items()}
        wanted = [sent.id for sent in world.ledger.sent if sent.expected == "answer"]
        if not self._remembers:
            wanted = [id_ for id_ in wanted if id_ in counts]
        counted_once(verdict, wanted, counts)


def _read(value: bytes) -> Answered:
    answer = msgspec.json.decode(value, type=Answer)
    number = int(answer.text) if answer.text.isdigit() else None
    return Answered(answer.question_id, answer.session_id, number)
