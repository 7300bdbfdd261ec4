"""Whether what a champion is asked now differs from what it was asked first.

Two samples of what it said, tested by two tests of scipy's, each at half of the level (Bonferroni):
its confidences by Kolmogorov and Smirnov, and all its probabilities together by a classifier that
tries to tell both samples apart. What a model says tells of a shift of what goes in, more reliably
than what goes in (Rabanser et al. 2019, arXiv:1810.11953, who found the first test the best).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from textwire.shadow.results import TwoSampleTest

# A false alarm in a hundred pairs of windows costs one training, which the gate judges.
LEVEL = 0.01
# With fewer, only what is plain to see would be found.
LEAST_ROWS = 100

Rows = NDArray[np.float32]


def find_drift(first: Rows, last: Rows, seed: int = 0) -> tuple[TwoSampleTest, ...]:
    """Both tests; none where there are too few rows.

    Args: first, last: (n, 1 + d) and (m, 1 + d), a confidence and what was said as a vector.
    """
    if min(len(first), len(last)) < LEAST_ROWS:
        return ()
    return (
        _of_scores(first[:, 0], last[:, 0]),
        _of_vectors(first[:, 1:], last[:, 1:], seed),
    )


def _of_scores(first: Rows, last: Rows) -> TwoSampleTest:
    from scipy.stats import ks_2samp

    found = ks_2samp(first, last)
    return TwoSampleTest(
        of="scores",
        test="Kolmogorov-Smirnov",
        statistic=float(found.statistic),
        p=float(found.pvalue),
        level=LEVEL / 2,
    )


def _of_vectors(first: Rows, last: Rows, seed: int) -> TwoSampleTest:
    """Accuracy of a logistic regression on the half of both samples that it has not learned from.

    Where both are of one distribution, its right answers are binomial with p = 1/2.

    Source: Lopez-Paz & Oquab 2017, "Revisiting classifier two-sample tests", arXiv:1610.06545.
    """
    from scipy.stats import binomtest
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(seed)
    size = min(len(first), len(last)) // 2 * 2
    one, two = (rows[rng.permutation(len(rows))[:size]] for rows in (first, last))
    half = size // 2
    learned, held = (
        np.concatenate([one[part], two[part]]) for part in (slice(half), slice(half, None))
    )
    which = np.repeat([0, 1], half)
    said = LogisticRegression(max_iter=1_000).fit(learned, which).predict(held)
    right = int((said == which).sum())
    found = binomtest(right, len(which), 0.5, alternative="greater")
    return TwoSampleTest(
        of="vectors",
        test="classifier two-sample",
        statistic=right / len(which),
        p=float(found.pvalue),
        level=LEVEL / 2,
    )
