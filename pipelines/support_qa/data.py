"""What the pipeline learns from and is judged on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipelines.training.pair_batches import Pair
from textwire.errors import DataError
from textwire.support_qa.messages import Passage

LEAST_LEARNED = 10
LEAST_HELD_OUT = 8  # half of them to calibrate on, half to report on
LEAST_PASSAGES = 3  # one is taken away to see what is made of questions that it answered


@dataclass(frozen=True)
class LabelledQuestion:
    """A question as it is searched, with the passage that answers it, or None."""

    text: str
    passage_id: str | None


class Contrast(NamedTuple):
    """Ids of two passages of which one answers a question, and the other did instead."""

    right: str
    wrong: str


@dataclass(frozen=True)
class SupportData:
    """Passages, and questions in two parts: one to learn from, one to be judged on.

    further_pairs   questions with texts that answer them and are no passages.
    contrasts       passages that answered a question wrongly, beside its right one: ids.
    """

    passages: Sequence[Passage]
    train: Sequence[LabelledQuestion]
    held_out: Sequence[LabelledQuestion]
    unanswerable_train: Sequence[LabelledQuestion] = ()
    unanswerable_held_out: Sequence[LabelledQuestion] = ()
    further_pairs: Sequence[Pair] = ()
    contrasts: Sequence[Contrast] = ()

    def checked(self) -> SupportData:
        """Itself, when it can be used.

        Raises: DataError: a part is empty, or a question belongs to no passage.
        """
        if len(self.train) < LEAST_LEARNED or len(self.held_out) < LEAST_HELD_OUT:
            raise DataError(
                f"{len(self.train)} questions are to be learned from and {len(self.held_out)} are "
                f"held out, and at least {LEAST_LEARNED} and {LEAST_HELD_OUT} are needed, so some "
                f"{5 * LEAST_HELD_OUT} in all. Give more, or say which is which in a column "
                "`split`."
            )
        if len(self.passages) < LEAST_PASSAGES:
            raise DataError(
                f"All questions have the same answer, or nearly: there are {len(self.passages)} "
                f"passages, and at least {LEAST_PASSAGES} are needed to tell them apart."
            )
        known = {passage.id for passage in self.passages}
        asked = (*self.train, *self.held_out)
        unknown = sorted(
            {a.passage_id for a in asked if a.passage_id and a.passage_id not in known}
        )
        if unknown:
            raise DataError(
                f"Questions name {len(unknown)} passages that are not in the knowledge, "
                f"such as {', '.join(unknown[:3])}."
            )
        return self

    def pairs(self) -> list[Pair]:
        """What fine-tuning learns from: each training question with its passage's text."""
        texts = self._texts()
        of_passages = [
            Pair(asked.text, texts[asked.passage_id]) for asked in self.train if asked.passage_id
        ]
        return [*of_passages, *self.further_pairs]

    def kept_together(self) -> list[tuple[str, str]]:
        """Texts of passages that must be told apart: each right one with the wrong one."""
        texts = self._texts()
        return [
            (texts[one.right], texts[one.wrong])
            for one in self.contrasts
            if one.right in texts and one.wrong in texts
        ]

    def _texts(self) -> dict[str, str]:
        return {passage.id: passage.searchable_text for passage in self.passages}
