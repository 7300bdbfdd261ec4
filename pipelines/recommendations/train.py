"""How the towers learn what is liked next, and the ranker what is liked of what is found."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.pruning.prune import fit_and_prune
from pipelines.recommendations.calibrate import Sum, lists_for_words, prior_sum, weighted
from pipelines.recommendations.conditional_logit import fit_weights
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.examples import training_rows
from pipelines.recommendations.histories import find_histories
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.model import Step, Towers, TrainingExample
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.recommendations.trees import as_onnx, check_same, stacked, train_trees
from pipelines.running.progress import Stage
from pipelines.training.fine_tuning import fine_tune
from pipelines.training.run import UNKEPT, TrainingRun
from pipelines.training.schedule import hold_back, schedule_of
from pipelines.training.text_model import TextModel
from pipelines.tuning.methods import choose_trainable, merged
from textwire.errors import DataError
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.ranking.following import Following


def tune(
    model: TextModel,
    data: ShopData,
    moments: Sequence[Moment],
    base: TextVectors,
    settings: RecommendationSettings,
    stage: Stage,
    run: TrainingRun = UNKEPT,
) -> list[float]:
    """Train in place; the mean loss of each epoch.

    Args:   base: the vectors before, with which the first steps compare.
    Raises: DataError: nothing was liked after something else.
    """
    examples = find_examples(data, moments, base.places, settings.half_life_days)
    if not examples:
        raise DataError(
            "No user of the train part liked an item after anything else: there is no history to "
            "learn from. Give events over a longer time, or with more than one of each user."
        )
    examples, judged = hold_back(examples, settings)
    towers = Towers(data, base, settings)
    rng = random.Random(settings.seed)  # noqa: S311 - an order, no secret

    def draw_epoch() -> list[Step]:
        return draw_steps(examples, settings, rng)

    def fit(recipe: RecommendationSettings, run: TrainingRun) -> list[float]:
        choose_trainable(model, recipe.method, recipe.frozen_layers)
        losses = fine_tune(
            model,
            draw_epoch,
            towers,
            schedule_of(recipe),
            stage,
            run=run,
            judge=lambda: towers.likelihood(model, judged),
        )
        merged(model)
        return losses

    return fit_and_prune(model, model, settings, fit, draw_epoch, towers, run)


def find_examples(
    data: ShopData, moments: Sequence[Moment], places: dict[str, int], half_life_days: float
) -> list[TrainingExample]:
    """Of each moment with a history, the first item that was liked after it."""
    histories = find_histories(data, moments, places, half_life_days)
    return [
        TrainingExample(history, places[data.by_id[moment.liked[0]].text])
        for moment, history in zip(moments, histories, strict=True)
        if moment.liked and history.places
    ]


def draw_steps(
    examples: Sequence[TrainingExample], settings: RecommendationSettings, rng: random.Random
) -> list[Step]:
    """All texts that come up in examples once, a few a step, each step with examples about them."""
    about: dict[int, list[int]] = defaultdict(list)
    for number, example in enumerate(examples):
        for place in {example.target, *example.history.places}:
            about[place].append(number)
    texts = rng.sample(sorted(about), len(about))
    size = settings.texts_per_step
    groups = [texts[at : at + size] for at in range(0, len(texts), size)]
    return [_step(group, about, examples, settings.moments_per_step, rng) for group in groups]


class LearnedRanker(NamedTuple):
    """What a ranker learned.

    sums           to choose from: the prior's, without the item model, with it, and with trees.
    graph          the trees, as ONNX; `difference` is how far it is from them.
    answers_words  whether lists for words were among what it learned from.
    """

    sums: list[Sum]
    graph: bytes
    difference: float
    answers_words: bool


def train_ranker(
    data: ShopData,
    moments: Sequence[Moment],
    vectors: TextVectors,
    item_model: Following,
    settings: RecommendationSettings,
    half_lives: HalfLives,
) -> LearnedRanker:
    """Weights, and trees that start from them.

    Args:   moments: after all that the item model was made of.
            vectors: of the encoder that serves, so that the ranker learns from what it will meet.
    Raises: DataError: nothing to tell apart. ArtifactError: the graph is not the trees.
    """
    drawn = training_rows(
        data,
        [moment for moment in moments if moment.liked][-settings.ranked_lists :],
        vectors,
        half_lives,
        settings.other_candidates,
        settings.seed,
        item_model,
    )
    rows = [row for row in drawn if row.liked.any() and not row.liked.all()]
    if not rows:
        raise DataError(
            "The ranker cannot be trained: in no list was anything liked that search finds, beside "
            "something that was not. Give events over a longer time, or more items."
        )
    without, weights = fit_weights(rows, without=("item_model",)), fit_weights(rows)
    trees = train_trees(rows, [weighted(weights, row.features) for row in rows], settings)
    graph = as_onnx(trees)
    return LearnedRanker(
        [prior_sum(), Sum(without), Sum(weights), Sum(weights, 1.0)],
        graph,
        check_same(trees, graph, stacked(rows)[0]),
        lists_for_words(rows),
    )


def _step(
    texts: list[int],
    about: dict[int, list[int]],
    examples: Sequence[TrainingExample],
    most: int,
    rng: random.Random,
) -> Step:
    numbers = sorted({number for place in texts for number in about[place]})
    if len(numbers) > most:
        numbers = rng.sample(numbers, most)
    return Step(texts, [examples[number] for number in numbers])
