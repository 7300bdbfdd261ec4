"""What the loop that every service runs must bear, tried on the echo service."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from tests.chaos.bad_records import Mixture
from tests.chaos.faults import Fault
from tests.chaos.faults.brokers import FreezeBroker, KillAllBrokers, KillBroker
from tests.chaos.faults.clock import StepClock
from tests.chaos.faults.disk import FillBrokerDisk, FillRedisDisk
from tests.chaos.faults.network import Trouble, TroubleNetwork
from tests.chaos.faults.processes import FreezeReplica, KillReplica, LeaveAndJoin, Quiet
from tests.chaos.faults.stores import (
    FreezeRedis,
    KillRedis,
    Refusal,
    RefuseByRedis,
    RestartRedisEmpty,
    WipeRedis,
)
from tests.chaos.faults.topics import AddPartitions, MakeAnew, Recompress
from tests.chaos.load import COMPRESSIONS
from tests.chaos.scenario import SESSION_TIMEOUT_S, Need, Scenario
from tests.chaos.subjects.echo import TOPICS, EchoSubject

REPLICAS = 3
BROKERS = 3
HOUR_S, DAY_S = 3_600, 86_400


def nothing(_: Random) -> list[Fault]:
    """Half a minute in which nothing may be false."""
    return [Quiet(30.0)]


def only_the_backlog(_: Random) -> list[Fault]:
    """A few records more while the services are at it."""
    return [Quiet(5.0)]


def kills_of_services(dice: Random) -> list[Fault]:
    """200 of them, one in five while the victim is just starting."""
    return [
        KillReplica(
            dice.randrange(REPLICAS),
            down_s=dice.uniform(0.0, 0.5),
            then_s=dice.uniform(0.1, 1.0),
            at_work=dice.random() < 0.8,
        )
        for _ in range(200)
    ]


def kills_of_servers(dice: Random) -> list[Fault]:
    """30 of brokers one by one, 6 of all at once and so 12 more, 12 of Redis."""
    one = [
        KillBroker(dice.randrange(BROKERS), dice.uniform(0.0, 4.0), dice.uniform(0.5, 3.0))
        for _ in range(18)
    ]
    every = [KillAllBrokers(dice.uniform(1.0, 30.0), dice.uniform(2.0, 6.0)) for _ in range(4)]
    redis = [KillRedis(dice.uniform(0.0, 15.0), dice.uniform(0.5, 3.0)) for _ in range(12)]
    faults: list[Fault] = [*one, *every, *redis]
    dice.shuffle(faults)
    return faults


def freezes(dice: Random) -> list[Fault]:
    """60 past the session timeout, two in three with the kill of another owner at the waking."""
    return [freeze(dice, range(REPLICAS)) for _ in range(60)]


def freeze(dice: Random, replicas: Sequence[int]) -> Fault:
    """One of the replicas of a service, past its session; often another is killed as it wakes."""
    victim = dice.choice(replicas)
    kills = dice.choice([*(one for one in replicas if one != victim), None])
    return FreezeReplica(victim, SESSION_TIMEOUT_S + dice.uniform(0.5, 2.5), kills)


def freezes_of_servers(dice: Random) -> list[Fault]:
    """Brokers and Redis that live and do not answer."""
    brokers = [FreezeBroker(dice.randrange(BROKERS), dice.uniform(1, 8), 4.0) for _ in range(6)]
    redis = [FreezeRedis(dice.uniform(1.0, 20.0), 4.0) for _ in range(4)]
    faults: list[Fault] = [*brokers, *redis]
    dice.shuffle(faults)
    return faults


def network(dice: Random) -> list[Fault]:
    """Every trouble, to one broker and to all."""
    whom = [(dice.randrange(BROKERS),), tuple(range(BROKERS))]
    return [
        TroubleNetwork(what, brokers, dice.uniform(8.0, 20.0), 8.0)
        for what in Trouble
        for brokers in whom
    ]


def wipes(dice: Random) -> list[Fault]:
    """All that was remembered is lost, at once or with the process."""
    return [
        *(WipeRedis(dice.uniform(1.0, 5.0)) for _ in range(5)),
        *(RestartRedisEmpty(dice.uniform(0.0, 3.0), dice.uniform(1.0, 5.0)) for _ in range(3)),
    ]


def refusals(dice: Random) -> list[Fault]:
    """Every answer by which Redis refuses, for longer than it may take to show."""
    return [RefuseByRedis(how, dice.uniform(15.0, 20.0), 8.0) for how in Refusal]


def full_disks(dice: Random) -> list[Fault]:
    """Of Redis, of a broker, of Redis again."""
    return [
        FillRedisDisk(dice.uniform(15.0, 20.0), 10.0),
        FillBrokerDisk(0, dice.uniform(8.0, 12.0), 10.0),
        FillRedisDisk(dice.uniform(15.0, 20.0), 10.0),
    ]


def clocks(dice: Random) -> list[Fault]:
    """By hours and days, there and back."""
    steps = [HOUR_S, -HOUR_S, DAY_S, -30 * DAY_S, 0, 400 * DAY_S, dice.randint(-60, 60), 0]
    return [StepClock(step, dice.uniform(3.0, 6.0)) for step in steps]


def rebalances(dice: Random) -> list[Fault]:
    """Replicas leave and join every few seconds."""
    return [
        LeaveAndJoin(dice.randrange(REPLICAS), dice.uniform(0.0, 5.0), dice.uniform(0.5, 3.0))
        for _ in range(30)
    ]


def more_partitions(dice: Random) -> list[Fault]:
    """Twice."""
    return [
        Quiet(3.0),
        AddPartitions(TOPICS.questions, TOPICS.partitions + 2, 20.0),
        AddPartitions(TOPICS.questions, TOPICS.partitions + 6, 20.0),
    ]


def made_anew(dice: Random) -> list[Fault]:
    """Three times."""
    return [
        Quiet(3.0),
        *(MakeAnew(TOPICS.questions, dice.uniform(6.0, 12.0)) for _ in range(3)),
    ]


def compressions(dice: Random) -> list[Fault]:
    """Whatever a broker may be told to store."""
    codecs = [codec for codec in COMPRESSIONS if codec]
    return [Recompress(TOPICS.questions, codec, 8.0) for codec in [*codecs, "producer"]]


STREAM = (
    Scenario("quiet", "Nothing goes wrong; 1 % of the records are bad.", nothing),
    Scenario("services-killed", "Replicas are killed and started again.", kills_of_services),
    Scenario(
        "servers-killed",
        "Brokers, one or all, and Redis are killed and started again.",
        kills_of_servers,
    ),
    Scenario(
        "freezes",
        "A replica is frozen past its session; as it wakes, another owner is killed.",
        freezes,
    ),
    Scenario(
        "servers-frozen",
        "A broker or Redis lives, and does not answer.",
        freezes_of_servers,
    ),
    Scenario(
        "network",
        "Between one replica and the brokers: cut, stalled, half open, slow.",
        network,
        subject=EchoSubject(behind_proxy=True),
    ),
    Scenario(
        "redis-wiped",
        "Redis loses all that it held, or restarts empty.",
        wipes,
        subject=EchoSubject(remembers=False),
        numbered=False,
    ),
    Scenario("redis-refuses", "Redis answers, and what it answers is no.", refusals),
    Scenario(
        "disks-full",
        "The disk of Redis, or of one broker, is full for a while.",
        full_disks,
        needs=(Need.MOUNTS,),
    ),
    Scenario(
        "clock-steps",
        "The clock of one replica is set by hours and days.",
        clocks,
        subject=EchoSubject(own_clock=True),
        needs=(Need.CLOCKS,),
    ),
    Scenario("rebalances", "Replicas leave and join every few seconds.", rebalances),
    Scenario(
        "partitions-added",
        "A topic gets more partitions.",
        more_partitions,
        numbered=False,
    ),
    Scenario("topic-made-anew", "A topic is deleted and made anew.", made_anew),
    Scenario(
        "sizes-and-compressions",
        "Records around every limit, in every compression; many are bad.",
        compressions,
        per_s=20.0,
        mixture=Mixture(bad=0.1, odd=0.3, too_large=0.03),
    ),
    Scenario(
        "backlog",
        "100,000 records wait when the services start.",
        only_the_backlog,
        backlog=100_000,
    ),
    Scenario(
        "backlog-small-buffer",
        "The same, with a buffer of 64 records a partition.",
        only_the_backlog,
        backlog=100_000,
        settings={"TEXTWIRE_STREAM_MAX_BUFFERED_RECORDS": "64"},
    ),
)
