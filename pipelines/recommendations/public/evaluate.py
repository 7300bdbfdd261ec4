"""Trained on the purchases before a day, as a shop's owner would; judged by the lists after it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.make import make_artifact
from pipelines.recommendations.public.baselines import (
    BASELINES,
    Known,
    Options,
    choose_options,
    ranks_by,
)
from pipelines.recommendations.public.cases import (
    TEST_FROM,
    VALID_FROM,
    Case,
    PurchaseLog,
    read_cases,
    sample_cases,
)
from pipelines.recommendations.public.judging import Ranks, figures_of, odds_of, slices
from pipelines.recommendations.public.kept_vectors import KeptVectors
from pipelines.recommendations.public.served import (
    ServedModel,
    lists_served,
    measure_served,
    place_in,
)
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.settings import APPLICATION, TASK, RecommendationSettings
from pipelines.running.progress import Progress
from pipelines.running.training_spec import read_spec
from pipelines.training.text_model import TextModel
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.encoder import Encoder, Vectors
from textwire.models.engines.onnx import OnnxEncoder
from textwire.recommendations.profiles.half_lives import HalfLives, half_lives_of
from textwire.recommendations.ranking.following import load_following
from textwire.recommendations.ranking.ranker import PriorRanker, load_ranker

FOLDER = "amazon_industrial"
DEPTHS = (5, 10)
# After all of them.
FOR_EVER = datetime.max.replace(tzinfo=UTC)
# Of the valid cases, on which the baselines' options are chosen.
CHOSEN_ON = 1_500
# Of the judged cases, in which it is looked at what search finds.
SEARCHED = 500


@dataclass(frozen=True)
class Evaluated:
    """What came out.

    figures     by way and metric.
    options     what was chosen for each baseline.
    half_lives  as fitted on the log.
    """

    figures: Mapping[str, float]
    options: Mapping[str, Options]
    half_lives: HalfLives
    judged: int
    of_all: int


def evaluate_amazon(
    folder: Path,
    settings: RecommendationSettings,
    progress: Progress,
    kept: Path,
    cases: int | None = None,
) -> Evaluated:
    """Train as `pipelines recommendations run` does, and measure what would serve.

    Args:   kept: folder of vectors that were made before.
            cases: judge so many, drawn by the seed of the settings; None: all.
    Raises: DataError: the data are not there, or not as they should be.
    """
    test = read_cases(folder / "test.csv")
    drawn = sample_cases(test, cases, settings.seed)
    log = PurchaseLog(folder, TEST_FROM)
    with tempfile.TemporaryDirectory() as work:
        spec = read_spec(APPLICATION, TASK, log, settings)

        def encode(encoder: Encoder, texts: Sequence[str]) -> TextVectors:
            return TextVectors.encode(KeptVectors(encoder, kept), texts)

        manifest = make_artifact(spec, Path(work), progress, encode)
        with progress.stage("Loading what serves"):
            before = log.read()
            artifact = Artifact(Path(work), manifest)
            model = load_served(artifact, before, kept)
        base = encode(TextModel(spec.base, Path(work), settings.max_tokens), before.texts)
    untuned = base.as_served(before)
    with progress.stage("Choosing baselines' options on valid cases"):
        early = Known(PurchaseLog(folder, VALID_FROM).read(), _item_vectors(untuned, before))
        chosen_on = sample_cases(read_cases(folder / "valid.csv"), CHOSEN_ON, settings.seed)
        options = choose_options(early, chosen_on)
    with progress.stage("Measuring baselines"):
        known = Known(before, _item_vectors(untuned, before))
        ranks: dict[str, Ranks] = {
            one.name: ranks_by(one, known, drawn, options[one.name]) for one in BASELINES
        }
    everything = PurchaseLog(folder, FOR_EVER).read()
    served, figures = measure_cases(model, untuned, before, everything, drawn, progress)
    figures |= figures_of(ranks | served, slices(before, drawn), DEPTHS)
    for way in (*ranks, *served):
        hr, ndcg = (figures[f"{way}_{metric}_at_10"] for metric in ("hr", "ndcg"))
        progress.say(f"{way:<12} HR@10 {hr:.4f} NDCG@10 {ndcg:.4f} ({len(drawn)} cases)")
    return Evaluated(figures, options, half_lives_of(manifest), len(drawn), len(test))


def load_served(artifact: Artifact, data: ShopData, kept: Path) -> ServedModel:
    """Encoder and ranker of an artifact, and the vectors of all texts, as the service has them.

    Raises: ArtifactError: it lacks one.
    """
    encoder = KeptVectors(OnnxEncoder(artifact, "int8", threads=2), kept)
    return ServedModel(
        TextVectors.encode(encoder, data.texts).as_served(data),
        load_ranker(artifact),
        half_lives_of(artifact.manifest),
        load_following(artifact),
    )


def measure_cases(
    model: ServedModel,
    untuned: TextVectors,
    before: ShopData,
    everything: ShopData,
    cases: Sequence[Case],
    progress: Progress,
) -> tuple[dict[str, Ranks], dict[str, float]]:
    """Places in what serves by way, and what else is to be said of it.

    served       knows the log before the division and the case's history, as all others here do.
    following    has also followed what everybody bought since, up to the day before.
    prior        as served, before any training in this shop: with the base as it comes.
    """
    targets = [case.item_id for case in cases]
    with progress.stage("Measuring what serves"):
        made = list(lists_served(model, before, cases, lambda _: TEST_FROM))
        followed = lists_served(model, everything, cases, lambda case: case.at)
        newcomer = ServedModel(untuned, PriorRanker(), HalfLives())
        lists = {
            "served": made,
            "following": followed,
            "prior": lists_served(newcomer, before, cases, lambda _: TEST_FROM),
        }
        ranks: dict[str, Ranks] = {
            way: [place_in(one, item_id) for one, item_id in zip(of_way, targets, strict=True)]
            for way, of_way in lists.items()
        }
    with progress.stage("Looking at what search finds"):
        some = sample_cases(list(cases), SEARCHED, 0)
        search = measure_served(model, before, some, lambda _: TEST_FROM, DEPTHS)
    return ranks, odds_of(made, targets) | {
        f"search_{name}": value for name, value in search.items()
    } | {"search_cases": float(len(some))}


def _item_vectors(vectors: TextVectors, data: ShopData) -> Vectors:
    return vectors.rows([item.text for item in data.by_id.values()])
