"""A minute or two of the rest, for every run of the tests."""

from __future__ import annotations

from random import Random

from tests.chaos.bad_records import Mixture
from tests.chaos.faults import Fault
from tests.chaos.faults.brokers import KillBroker
from tests.chaos.faults.network import Trouble, TroubleNetwork
from tests.chaos.faults.processes import FreezeReplica, KillReplica, Quiet
from tests.chaos.faults.stores import KillRedis
from tests.chaos.faults.topics import AddPartitions, MakeAnew, Recompress
from tests.chaos.scenario import SESSION_TIMEOUT_S, Scenario
from tests.chaos.subjects.echo import TOPICS, EchoSubject


def some_of_all(_: Random) -> list[Fault]:
    """Each of the faults that have cost records before."""
    past_session_s = SESSION_TIMEOUT_S + 1.0
    return [
        KillReplica(0, down_s=0.0, then_s=1.0),
        FreezeReplica(1, past_session_s, kills=2),
        KillBroker(0, down_s=1.0, then_s=1.0),
        FreezeReplica(2, past_session_s, kills=None),
        KillRedis(down_s=1.0, then_s=1.0),
        Recompress(TOPICS.questions, "zstd", then_s=2.0),
        TroubleNetwork(Trouble.CUT, (0, 1, 2), seconds=4.0, then_s=2.0),
    ]


def topics_that_change(_: Random) -> list[Fault]:
    """Made anew, and then larger."""
    return [
        Quiet(1.0),
        MakeAnew(TOPICS.questions, then_s=3.0),
        AddPartitions(TOPICS.questions, TOPICS.partitions + 2, then_s=17.0),
    ]


SELECTION = (
    Scenario(
        "some-of-all",
        "One of each fault that has cost records before.",
        some_of_all,
        subject=EchoSubject(behind_proxy=True),
        mixture=Mixture(bad=0.02, odd=0.02, too_large=0.002),
    ),
    Scenario(
        "topics-that-change",
        "A topic is made anew, and gets more partitions.",
        topics_that_change,
        numbered=False,
    ),
)
