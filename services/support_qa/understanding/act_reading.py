"""What messages do, by the model of dialogue acts that stands now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.classifier import Classifier
from textwire.models.engines.tokenizing import TokenReader
from textwire.support_qa.dialogue_acts import ActReader, Reading, Said, message_in_context
from textwire.support_qa.masking import is_bare_datum, without_data
from textwire.support_qa.messages import Act, Turn
from textwire.support_qa.splitting import clauses

LoadClassifier = Callable[[Artifact], Classifier]
# Of an act a message has this much where the act is a part of it.
HAS_PART = 0.5
# A reading that is less sure is checked against what the search says.
SURE = 0.75
ASKING: frozenset[Act] = frozenset({"question", "follow_up", "two_questions", "complaint"})


class ReadsActs(Protocol):
    """Tells what messages do."""

    def read(self, messages: Sequence[str]) -> list[Reading]:
        """A reading of each, given as `in_context` writes them."""
        ...


class ActModel:
    """Reads with one model; another takes its place between two batches."""

    def __init__(self, artifact: Artifact, load_classifier: LoadClassifier) -> None:
        """Load the model.

        Raises: ArtifactError: it cannot be used, or tells something else.
        """
        self._load_classifier = load_classifier
        self._reader = self._load(artifact)

    def use(self, artifact: Artifact) -> None:
        """Go over to another model, loaded beside the one in use.

        Raises: ArtifactError: it cannot be used; the old one stays.
        """
        self._reader = self._load(artifact)

    def read(self, messages: Sequence[str]) -> list[Reading]:
        """What each message does."""
        return self._reader.read(messages)

    def _load(self, artifact: Artifact) -> ActReader:
        tokens = TokenReader(artifact.file("tokenizer.json"), artifact.manifest.max_tokens)
        return ActReader(self._load_classifier(artifact), tokens)


def in_context(text: str, before: Sequence[Turn]) -> str:
    """What the classifier of dialogue acts reads of a message."""
    said = [Said(turn.role == "customer", turn.text) for turn in before if not turn.refused]
    return message_in_context(text, said)


def surest_readings(
    acts: ReadsActs,
    texts: Sequence[str],
    without_slips: Sequence[str],
    before: Sequence[Sequence[Turn]],
) -> list[Reading]:
    """What each message does. One that has slips is read without them too; the surer one counts."""
    with_slips = [n for n, text in enumerate(texts) if without_slips[n] != text]
    readings = acts.read(
        [
            *(in_context(text, turns) for text, turns in zip(texts, before, strict=True)),
            *(in_context(without_slips[n], before[n]) for n in with_slips),
        ]
    )
    surest = readings[: len(texts)]
    for place, other in zip(with_slips, readings[len(texts) :], strict=True):
        surest[place] = max(surest[place], other, key=lambda reading: reading.probability)
    return surest


def asking_beside_data(
    acts: ReadsActs,
    texts: Sequence[str],
    readings: Sequence[Reading],
    before: Sequence[Sequence[Turn]],
) -> list[Reading]:
    """The same, but what is read as a datum is read once more without it: the rest may ask.

    "My card is 4539 1488 0343 6467, can you check it?"
    """
    read = list(readings)
    again = [
        n
        for n, text in enumerate(texts)
        if read[n].act == "personal_data" and without_data(text) != text and not is_bare_datum(text)
    ]
    rest = [in_context(without_data(texts[n]), before[n]) for n in again]
    for place, other in zip(again, acts.read(rest) if rest else [], strict=True):
        if other.act in ASKING and other.probability >= SURE:
            read[place] = other
    return read


def refuses_person(reading: Reading) -> bool:
    """Whether a colleague is refused, beside a question too."""
    return reading.act == "refuses_person" or reading.parts.get("refuses_person", 0.0) >= HAS_PART


def asking_clauses(
    acts: ReadsActs, texts: Sequence[str], readings: Sequence[Reading]
) -> list[tuple[str, ...]]:
    """Of each message that refuses a person, its clauses that ask something.

    "Please no agents, how do I raise my limit": to a search the first clause is about agents too.

    Args:    texts: as they are searched.
    Returns: of each message its clauses; none of one that refuses nobody, or has no seam.
    """
    split = [
        _more_than_one(clauses(text)) if refuses_person(reading) else []
        for text, reading in zip(texts, readings, strict=True)
    ]
    every = [clause for some in split for clause in some]
    asks = iter(_asks(reading) for reading in (acts.read(every) if every else []))
    return [tuple(clause for clause in some if next(asks)) for some in split]


def _asks(reading: Reading) -> bool:
    return reading.act in ASKING and reading.parts.get("refuses_person", 0.0) < HAS_PART


def _more_than_one(found: list[str]) -> list[str]:
    return found if len(found) > 1 else []
