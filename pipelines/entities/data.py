"""What the pipeline learns from and is judged on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from textwire.errors import DataError
from textwire.models.engines.entity_spans import Span

LEAST_LEARNED = 10
LEAST_HELD_OUT = 4  # two to calibrate on and two to report on: fewer cannot be divided


@dataclass(frozen=True)
class AnnotatedText:
    """A text and where its entities stand; they do not overlap."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class EntityData:
    """Texts in two parts: one to learn from, one to be judged on.

    kinds     of entities, in the order of the model's tags.
    repeated  rows that were left out, since they repeat another or spoiled something.
    """

    kinds: tuple[str, ...]
    train: Sequence[AnnotatedText]
    held_out: Sequence[AnnotatedText]
    repeated: int = 0

    def checked(self) -> EntityData:
        """Itself, when it can be used.

        Raises: DataError: a part is too small, or a kind has nothing to be learned from.
        """
        if len(self.train) < LEAST_LEARNED or len(self.held_out) < LEAST_HELD_OUT:
            raise DataError(
                f"{len(self.train)} texts are to be learned from and {len(self.held_out)} are held "
                f"out; at least {LEAST_LEARNED} and {LEAST_HELD_OUT} are needed, so some "
                f"{5 * LEAST_HELD_OUT} in all. Give more, or say which is which in a column "
                "`split`."
            )
        if not self.kinds:
            raise DataError("No text has an entity, so there is nothing to learn: name `spans`.")
        learned = Counter(span.kind for text in self.train for span in text.spans)
        without = [kind for kind in self.kinds if not learned[kind]]
        if without:
            raise DataError(
                f"No text that is learned from has an entity of kind {', '.join(without[:5])}. Add "
                "examples, or leave the kind out."
            )
        return self
