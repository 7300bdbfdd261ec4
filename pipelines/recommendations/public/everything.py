"""All public figures of recommendations, and the page that tells them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipelines.measuring.evaluation import EvaluationOptions
from pipelines.recommendations.public import evaluate, movielens, tallrec
from pipelines.recommendations.public.kept_vectors import KeptVectors
from pipelines.recommendations.public.report import write_report
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.running.progress import Progress
from pipelines.training.text_model import TextModel
from textwire.models.base_model import find_base


def evaluate_all(
    options: EvaluationOptions,
    settings: RecommendationSettings,
    progress: Progress,
    kept: Path,
    cases: int | None,
    *,
    page_of_one: bool = False,
) -> None:
    """Measure what was asked for; all of it is written down.

    Args:   kept: folder of vectors that were made before. cases: of amazon_industrial, None: all.
            page_of_one: write the page also where it has amazon_industrial alone.
    Raises: DataError: data or the base model are not there.
    """
    data = options.data
    with tempfile.TemporaryDirectory() as work:
        model = TextModel(find_base(settings.base), Path(work), settings.max_tokens)
        base = KeptVectors(model, kept)
        books: Mapping[str, float] = {}
        films: Mapping[str, float] = {}
        if options.wants(tallrec.FOLDER):
            books = tallrec.evaluate_tallrec(data / tallrec.FOLDER, base, progress)
            _say(progress, books, ("auc_64", "auc_256"))
        if options.wants(movielens.FOLDER):
            films = movielens.evaluate_movielens(data / movielens.FOLDER, base, progress)
            _say(progress, films, [name for name in films if name.endswith("ndcg_at_10")])
    if not options.wants(evaluate.FOLDER):
        return
    folder = data / evaluate.FOLDER
    shop = evaluate.evaluate_amazon(folder, settings, progress, kept, cases)
    if options.only is None or page_of_one:
        write_report(options.report, shop, films, books, settings, progress.seconds)
        progress.say(f"Written to {options.report}.")


def _say(progress: Progress, figures: Mapping[str, float], names: Iterable[str]) -> None:
    for name in names:
        progress.say(f"{name:<24} {figures[name]:.4f}")
