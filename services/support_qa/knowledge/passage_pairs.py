"""Passages that contradict each other, and passages that answer the same question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textwire.support_qa.contradictions import contradict
from textwire.support_qa.knowledge_results import PairKind, PassagePair
from textwire.support_qa.messages import Passage
from textwire.support_qa.passage_index import Candidate, PassageIndex

# From here on two headings ask the same. Chosen in docs/knowledge-and-analytics.md.
SAME_HEADING = 0.95
MOST_PAIRS = 200
NEIGHBOURS = 6
# Of 100,000 passages only the newest are compared at a start: 2,000 searches are some seconds.
MOST_COMPARED = 2_000
SEARCHED_CHARACTERS = 500


class PairFinder:
    """Compares passages that are new with their neighbours, and keeps what it found of the rest."""

    def __init__(self) -> None:
        self._seen: Mapping[str, Passage] = {}
        self._pairs: dict[frozenset[str], PassagePair] = {}
        self.compared = 0

    def pairs(self, index: PassageIndex) -> tuple[PassagePair, ...]:
        """All pairs among the passages that there are, conflicts before duplicates."""
        passages = index.by_id
        new = [p for id_, p in passages.items() if self._seen.get(id_) != p][-MOST_COMPARED:]
        arrived = {id_: place for place, id_ in enumerate(passages)}
        changed = {p.id for p in new} | (self._seen.keys() - passages.keys())
        kept = {ids: pair for ids, pair in self._pairs.items() if not ids & changed}
        for passage, neighbours in zip(new, _neighbours(new, index), strict=True):
            kept |= _pairs_of(passage, neighbours, arrived)
        self.compared = min(len(passages), self.compared + len(new)) if self._seen else len(new)
        self._seen, self._pairs = passages, kept
        ordered = sorted(kept.values(), key=lambda pair: pair.kind != "conflict")
        return tuple(ordered[:MOST_PAIRS])


def _neighbours(passages: Sequence[Passage], index: PassageIndex) -> list[list[Candidate]]:
    texts = [(p.heading or p.text)[:SEARCHED_CHARACTERS] for p in passages]
    # By their headings two are told to be alike: nothing is read closely for that.
    return index.skimming().search(texts, NEIGHBOURS)


def _pairs_of(
    passage: Passage, neighbours: Sequence[Candidate], arrived: Mapping[str, int]
) -> dict[frozenset[str], PassagePair]:
    """What stands between a passage and those that are near to it, by the ids of both."""
    found = {}
    for candidate in neighbours:
        other = candidate.passage
        kind = _kind(passage, candidate)
        if other.id != passage.id and kind:
            older, newer = sorted((passage.id, other.id), key=arrived.__getitem__)
            pair = PassagePair(kind=kind, newer=newer, older=older)
            found[frozenset((newer, older))] = pair
    return found


def _kind(passage: Passage, neighbour: Candidate) -> PairKind | None:
    other = neighbour.passage
    if contradict(passage, other):
        return "conflict"
    same_words = passage.text.split() == other.text.split()
    return "duplicate" if same_words or neighbour.heading_cosine >= SAME_HEADING else None
