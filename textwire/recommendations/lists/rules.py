"""A shop's own rules: what stands first, what is never offered, what is lifted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
import yaml

from textwire.errors import SettingsError
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.catalogue.filters import matches
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.messages import Filters, Item, Mode

# A rule that pins by what items have, and not by their ids, pins so many at most.
MOST_PINNED = 10

Factor = Annotated[float, msgspec.Meta(gt=0.0, le=100.0)]


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which items are meant, and in which lists.

    ids    of items; or
    where  what they have, as the `filters` of a request say it.
    modes  of the lists; none: in all of them.
    by     of a boost: what scores are multiplied with; above 1 lifts, below 1 puts down.
    most   of a pin: how many of them at most.
    """

    ids: tuple[str, ...] = ()
    where: Filters = {}
    modes: tuple[Mode, ...] = ()
    by: Factor = 2.0
    most: Annotated[int, msgspec.Meta(ge=1, le=MOST_PINNED)] = 1

    def __post_init__(self) -> None:
        """Refuse a rule about everything.

        Raises: ValueError.
        """
        if not self.ids and not self.where:
            raise ValueError("a rule names items by `ids`, or says in `where` what they have")

    def is_about(self, item: Item, mode: Mode) -> bool:
        """Whether an item of a list of that mode is meant."""
        if self.modes and mode not in self.modes:
            return False
        return item.id in self.ids or (bool(self.where) and matches(item, self.where))


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All rules of a shop. What is blocked is not pinned, and nothing is boosted above 1."""

    pin: tuple[Rule, ...] = ()
    block: tuple[Rule, ...] = ()
    boost: tuple[Rule, ...] = ()

    def blocks(self, item: Item, mode: Mode) -> bool:
        """Whether an item is never in a list of that mode."""
        return any(rule.is_about(item, mode) for rule in self.block)

    def blocked_in(self, mode: Mode) -> tuple[list[Filters], list[str]]:
        """What is never in a list of that mode: what items have, and ids."""
        held = [rule for rule in self.block if not rule.modes or mode in rule.modes]
        ids = [item_id for rule in held for item_id in rule.ids]
        return [rule.where for rule in held if rule.where], ids

    def boosted(self, items: Sequence[Item], mode: Mode, scores: Vectors) -> Vectors:
        """Scores after the boosts.

        Args:    scores: (n,) float32 in [0, 1], of the items.
        Returns: (n,) float32 in [0, 1].
        """
        if not self.boost:
            return scores
        factors = np.ones(len(items), dtype=np.float32)
        for rule in self.boost:
            about = np.array([rule.is_about(item, mode) for item in items], dtype=bool)
            factors[about] *= np.float32(rule.by)
        boosted: Vectors = np.minimum(scores * factors, np.float32(1.0))
        return boosted

    def pinned(self, index: ItemIndex, mode: Mode) -> list[str]:
        """Ids of what stands first in lists of that mode, in the order of the rules."""
        found: dict[str, None] = {}
        for rule in self.pin:
            if rule.modes and mode not in rule.modes:
                continue
            named = [item_id for item_id in rule.ids if item_id in index]
            found |= dict.fromkeys(named)
            if rule.where:
                found |= dict.fromkeys(index.matching(rule.where)[: rule.most])
        return list(found)


def read_rules(path: Path) -> Rules:
    """The rules in a YAML file.

    Raises: SettingsError: there is no such file, or it does not hold rules.
    """
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
        return msgspec.convert(written or {}, Rules)
    except OSError as error:
        raise SettingsError(
            f"The rules in {path} cannot be read: {error.strerror}. "
            "Correct `recommendations.rules_file`, or write the file."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise SettingsError(
            f"{path} does not hold rules: {error}. See docs/consuming-scores.md for their form."
        ) from error


class RulesFile:
    """The rules that hold now, read again whenever their file was written."""

    def __init__(self, path: Path | None) -> None:
        """Read them once; no path, no rules.

        Raises: SettingsError.
        """
        self._path = path
        self._written_ns = -1
        self.now = Rules()
        self.look()

    def look(self) -> None:
        """Read again what was written since; what is wrong leaves the old rules standing.

        Raises: SettingsError.
        """
        if self._path is None:
            return
        try:
            written_ns = self._path.stat().st_mtime_ns
        except OSError:
            written_ns = -2  # reading says what is wrong
        if written_ns != self._written_ns:
            self.now = read_rules(self._path)
            self._written_ns = written_ns
