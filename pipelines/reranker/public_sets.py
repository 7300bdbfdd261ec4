"""Public data that a reranker may learn from: their licences let what was learned be passed on.

banking77: Casanueva et al. 2020, CC BY 4.0: which questions mean the same. stackfaq: Karan and
Snajder 2018, MIT: which answers belong to a question; the half of the paraphrases that is judged on
is not read. Both are read from a folder of one's own, and no part of them stands in this
repository.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipelines.reranker.data import Grouped, PublicSet

if TYPE_CHECKING:
    from pipelines.support_qa.public.stackfaq import Thread


class Kind(NamedTuple):
    """A public set: its file in the folder of public data, who reads it, what is owed."""

    file: str
    read: Callable[[Path], PublicSet]
    notice: str


def read_banking77(file: Path) -> PublicSet:
    """Its training questions, each of which may be asked and may answer.

    Raises: DataError: the file is not there, or another.
    """
    from pipelines.support_qa.public.banking77 import read_intents

    intents = read_intents(file)
    questions = [Grouped(*pair) for pair in zip(intents.texts, intents.labels, strict=True)]
    return PublicSet(questions, questions)


def read_stackfaq(file: Path) -> PublicSet:
    """The paraphrases that are learned from, and all answers under their questions.

    Raises: DataError: the file is not there, or another.
    """
    from pipelines.support_qa.public.stackfaq import read_threads

    return set_of_threads(read_threads(file))


def set_of_threads(threads: Sequence[Thread]) -> PublicSet:
    """Threads' paraphrases that are learned from, and all answers."""
    return PublicSet(
        [Grouped(query, str(thread.id)) for thread in threads for query in thread.learned],
        [
            Grouped(passage.searchable_text, str(thread.id))
            for thread in threads
            for passage in thread.passages()
        ],
    )


PUBLIC_SETS: Mapping[str, Kind] = {
    "banking77": Kind(
        "banking77/train.csv",
        read_banking77,
        "banking77 (Casanueva et al. 2020, arXiv:2003.04807), CC BY 4.0, training part",
    ),
    "stackfaq": Kind(
        "stackfaq/stackfaq.jsonl",
        read_stackfaq,
        "stackfaq (Karan and Snajder 2018; ML-Recipes/BERT-FAQ), MIT, first half of each thread's "
        "paraphrases",
    ),
}
