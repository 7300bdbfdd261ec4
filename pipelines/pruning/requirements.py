"""Whether what a recipe says of pruning can be done by its method."""

from __future__ import annotations

from typing import Protocol

from pipelines.tuning.methods import WITHOUT_TUNING, Method
from textwire.errors import SettingsError

# What these put in stays in the graph, and the layers around it do not learn.
STAYS_IN_GRAPH: frozenset[Method] = frozenset({"bottleneck", "prefix", "prompt"})


class Pruned(Protocol):
    """What a recipe says of it; see `Settings`."""

    @property
    def method(self) -> Method: ...  # noqa: D102
    @property
    def frozen_layers(self) -> int: ...  # noqa: D102
    @property
    def prune_heads(self) -> float: ...  # noqa: D102
    @property
    def prune_layers(self) -> int: ...  # noqa: D102
    @property
    def prune_epochs(self) -> int: ...  # noqa: D102


def require_suits(settings: Pruned) -> None:
    """Pass, or refuse before anything is read.

    Raises: SettingsError: so much cannot be taken out, or not with that method.
    """
    heads, layers, epochs = settings.prune_heads, settings.prune_layers, settings.prune_epochs
    if not 0 <= heads < 1 or layers < 0 or epochs < 0:
        raise SettingsError(
            f"prune_heads={heads:g}, prune_layers={layers}, prune_epochs={epochs}: give a part "
            "from 0 to below 1, and whole numbers from 0."
        )
    if (heads or layers) and settings.method in WITHOUT_TUNING | STAYS_IN_GRAPH:
        raise SettingsError(
            f"By --method {settings.method} the layers do not learn, so none could make up for "
            "heads and layers that are taken out: prune with --method full, frozen, lora or "
            "few-shot."
        )
