"""Lists of many users on a cluster, by Ray Data: the same lists in the same order.

    requests ─▶ blocks ─▶ as many actors as there are CPUs, each with the model and the items
                              └─▶ lists, in the order of the requests

Workers need Textwire installed, and reach the registry and Redis by the settings that they find
where they run. Only the extra `ray` has what this module imports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec
import numpy as np
import pyarrow

from textwire.addresses import redis_url
from textwire.errors import SettingsError, Unavailable
from textwire.recommendations.lists.bulk import AT_ONCE
from textwire.recommendations.lists.bulk_setup import BulkSetup
from textwire.recommendations.messages import ScoredList, ScoreRequest
from textwire.results.redis import RedisResults

LOCAL = "local"
# A block is what one actor has in hand; small ones spread a few thousand users over all of them.
BLOCK_REQUESTS = 5 * AT_ONCE


class Scorer:
    """An actor: the model is loaded once, and batches of requests come by."""

    def __init__(self, setup: BulkSetup) -> None:
        self._scoring = setup.scoring(RedisResults.from_url(redis_url()))

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Encoded requests to encoded lists, and of how many users the profile was behind."""
        requests = [msgspec.json.decode(one, type=ScoreRequest) for one in batch["request"]]
        before = self._scoring.behind
        lists = [msgspec.json.encode(made) for made in self._scoring.lists(requests)]
        behind = np.zeros(len(lists), dtype=np.int64)
        behind[:1] = self._scoring.behind - before
        return {"list": np.array(lists, dtype=object), "behind": behind}


class RayScoring:
    """Scores as `BulkScoring` does, elsewhere.

    behind  how many users had a profile that another model made.
    """

    def __init__(self, setup: BulkSetup, address: str = LOCAL) -> None:
        """Connect to a cluster, or start one of this machine's.

        Args:   address: of a cluster, as Ray has it, such as `ray://head:10001`; or `local`.
        Raises: SettingsError: Ray is not installed. Unavailable: the cluster does not answer.
        """
        try:
            import ray
            import ray.data
        except ImportError as error:
            raise SettingsError(
                "Ray is not installed. `pip install 'textwire[ray]'`, or leave --ray out."
            ) from error
        self.behind = 0
        self._setup, self._ray = setup, ray
        try:
            ray.init(address=address, log_to_driver=False, logging_level="ERROR", **_own(address))
        # A start that takes too long is a bare `Exception`.
        except Exception as error:
            raise Unavailable(f"No Ray cluster answers at {address}: {error}") from error
        context = ray.data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False

    def close(self) -> None:
        """Leave the cluster; one of this machine's ends."""
        self._ray.shutdown()

    def lists(self, requests: Iterable[ScoreRequest]) -> Iterator[ScoredList]:
        """A list for each request, in their order; all requests are held in memory.

        Raises: Unavailable: a worker failed.
        """
        blocks = list(_blocks(requests))
        if not blocks:
            return
        cpus = max(1, int(self._ray.cluster_resources().get("CPU", 1)))
        actors = min(cpus, len(blocks))
        made = self._ray.data.from_arrow(blocks).map_batches(
            Scorer,
            fn_constructor_args=(self._setup,),
            batch_size=AT_ONCE,
            batch_format="numpy",
            compute=self._ray.data.ActorPoolStrategy(size=actors),
        )
        try:
            for row in made.iter_rows():
                self.behind += int(row["behind"])
                yield msgspec.json.decode(row["list"], type=ScoredList)
        except self._ray.exceptions.RayError as error:
            raise Unavailable(
                f"A worker of Ray failed: {_last_line(error)} Workers need textwire installed, and "
                "reach the registry and Redis by the settings that they find where they run."
            ) from error


def _last_line(error: Exception) -> str:
    """What a worker said at last: all before it is its traceback."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:500] if lines else type(error).__name__


def _own(address: str) -> dict[str, Any]:
    """What is said of a cluster of this machine alone: nothing beyond loopback reaches it."""
    if address != LOCAL:
        return {}
    return {"include_dashboard": False, "_node_ip_address": "127.0.0.1"}


def _blocks(requests: Iterable[ScoreRequest]) -> Iterator[pyarrow.Table]:
    left = iter(requests)
    while batch := list(islice(left, BLOCK_REQUESTS)):
        encoded = pyarrow.array([msgspec.json.encode(one) for one in batch], pyarrow.binary())
        yield pyarrow.table({"request": encoded})
