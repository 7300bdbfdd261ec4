"""Which model of what follows serves: the item model, unless a sequence model is sure to gain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.item_model import fit_item_model
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.sequence.gate import Compared, compare
from pipelines.recommendations.sequence.learn import fit_sequence_model
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.recommendations.split import evenly
from pipelines.running.progress import Progress
from pipelines.training.run import TrainingRun
from textwire.errors import SettingsError
from textwire.recommendations.messages import BehaviourEvent
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.ranking.following import Following

Fit = Callable[[Sequence[BehaviourEvent]], Following]


@dataclass(frozen=True)
class Chosen:
    """What learns what follows, from any part of the log; and how both compared, if both did."""

    fit: Fit
    compared: Compared | None = None

    @property
    def metrics(self) -> dict[str, float]:
        """For a manifest, by name."""
        if self.compared is None:
            return {}
        return {
            "sequence_ndcg_at_10": self.compared.sequence,
            "sequence_items_ndcg_at_10": self.compared.items,
            "sequence_texts_ndcg_at_10": self.compared.texts,
            "sequence_chance": self.compared.chance,
            "sequence_serves": float(self.compared.gains),
        }


def require_use_of_vectors(data: ShopData, settings: RecommendationSettings) -> None:
    """Pass, or refuse before anything learns.

    Raises: SettingsError: vectors of other kinds were given, and nothing would read them.
    """
    if data.vectors and not settings.sequence_layers:
        raise SettingsError(
            f"--vectors {', '.join(data.vectors)}: only a sequence model fuses them with texts. "
            "Add --set sequence_layers=1, or leave them out."
        )


def choose_following(
    data: ShopData,
    calibration: Sequence[Moment],
    vectors: TextVectors,
    half_lives: HalfLives,
    settings: RecommendationSettings,
    progress: Progress,
    run: TrainingRun,
) -> Chosen:
    """Compare both on the calibration part, where the settings ask for a sequence model.

    Raises: SettingsError: there is no such way to fuse kinds.
    """

    def by_items(events: Sequence[BehaviourEvent]) -> Following:
        return fit_item_model(data, events, vectors)

    def by_sequence(events: Sequence[BehaviourEvent]) -> Following:
        with progress.stage("Learning what follows in which order") as stage:
            part = run.stage(f"sequence-{len(events)}")
            found = fit_sequence_model(data, events, vectors, settings, stage, part)
        return found or by_items(events)

    if not settings.sequence_layers:
        return Chosen(by_items)
    before = data.events[: calibration[0].place]
    judged = evenly([moment for moment in calibration if moment.liked], settings.judged_lists)
    model = by_sequence(before)
    with progress.stage("Comparing it with the item model and texts"):
        compared = compare(model, by_items(before), data, judged, vectors, half_lives)
    progress.say(
        f"NDCG@10 of what follows: sequence {compared.sequence:.3f}, items {compared.items:.3f}, "
        f"texts {compared.texts:.3f}; it gains in {compared.chance:.0%} of the draws, so "
        + ("it serves." if compared.gains else "the item model serves.")
    )
    return Chosen(by_sequence if compared.gains else by_items, compared)
