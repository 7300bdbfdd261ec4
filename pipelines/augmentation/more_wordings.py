"""Training texts with other wordings of them beside them, under the same labels."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipelines.augmentation.faithful import is_faithful, words_of
from pipelines.augmentation.framing import Framing
from pipelines.augmentation.kept_wordings import KeptWordings
from pipelines.classification.examples import Examples
from pipelines.running.progress import Stage

# What a model takes texts for: n texts to (n,) of whatever, equal where it takes them for the same.
Take = Callable[[Sequence[str]], Sequence[object]]


def with_wordings(
    examples: Examples,
    reworder: KeptWordings,
    framing: Framing,
    judged: Collection[str],
    take: Take,
    stage: Stage,
) -> Examples:
    """N examples, followed by a faithful wording of each that has one.

    A wording is left out where numbers, negations or marks differ, where a model takes it for
    something else than the text, and where it stands among the texts or those that are judged.

    Args: judged: texts that the model is judged on, of which nothing may be learned.
          take: a model that knows the task a little, such as heads on the frozen encoder.
    """
    parts = [framing.parts(text) for text in examples.texts]
    said = [part.said for part in parts]
    stage.expect(reworder.parts_of(said))
    reworded = reworder.reword(said, stage.advance)
    taken = {tuple(words_of(text)) for text in (*examples.texts, *judged)}
    places, texts = [], []
    for place, (part, wording) in enumerate(zip(parts, reworded, strict=True)):
        text = f"{part.before}{wording}{part.after}"
        if is_faithful(part.said, wording) and tuple(words_of(text)) not in taken:
            places.append(place)
            texts.append(text)
    before = take([examples.texts[place] for place in places])
    alike = [one == other for one, other in zip(before, take(texts), strict=True)]
    kept = np.flatnonzero(alike)
    return _beside(examples, np.array(places, dtype=np.int64)[kept], [texts[at] for at in kept])


def _beside(examples: Examples, places: NDArray[np.int64], texts: list[str]) -> Examples:
    return replace(
        examples,
        texts=[*examples.texts, *texts],
        labels=np.concatenate([examples.labels, examples.labels[places]]),
        topics=np.concatenate([examples.topics, examples.topics[places]]),
        has_topics=np.concatenate([examples.has_topics, examples.has_topics[places]]),
    )
