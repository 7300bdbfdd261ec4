"""The most that can be taken: so many messages always wait that there is never nothing to do."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import chain, islice

from benchmarks.driving import Load, listening, producing, wait_for_all
from benchmarks.setting import Setting
from textwire.stream.clients.sender import BULK_LINGER_MS

# As many as a service takes at once, and four times what the plain loop does.
WAITING = 256
# In the first part of the time queues fill and batches grow to their size.
STEADY_AFTER = 0.3
LOOK_EVERY_S = 0.005


def saturate(setting: Setting, load: Load, seconds: float) -> float:
    """Results a second while `WAITING` messages always wait."""
    sendings = load.filling or load.sendings
    first = next(sendings)
    sendings = chain([first], sendings)
    sent_at: dict[str, float] = {}
    with (
        listening(setting, load) as listeners,
        producing(setting, [first.topic.name], BULK_LINGER_MS) as send,
    ):
        listener = next(iter(listeners.values()))
        began = time.monotonic()
        waiting: set[str] = set()
        while time.monotonic() < began + seconds:
            waiting = {id_ for id_ in waiting if id_ not in listener.arrived_at}
            for sending in islice(sendings, WAITING - len(waiting)):
                sent_at[sending.id] = time.monotonic()
                waiting.add(sending.id)
                send(sending)
            time.sleep(LOOK_EVERY_S)
        ended = time.monotonic()
        wait_for_all(sent_at, listener, load.what)
        arrived_at = sorted(listener.arrived_at[id_] for id_ in sent_at)
    steady = [at for at in arrived_at if began + STEADY_AFTER * seconds <= at <= ended]
    return steady_rate(steady) or len(arrived_at) / (arrived_at[-1] - began)


def steady_rate(arrived_at: Sequence[float]) -> float:
    """Arrivals a second between the first moment and the last; 0 where there is but one.

    Results come by the batch. So those of the first moment are left out: what came with it was
    worked on before it.

    Args: arrived_at: moments in order, in seconds.
    """
    if not arrived_at:
        return 0.0
    first, last = arrived_at[0], arrived_at[-1]
    later = sum(at > first for at in arrived_at)
    return later / (last - first) if later else 0.0
