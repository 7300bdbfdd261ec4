"""Which model of what follows serves: the item model, unless a sequence model is sure to gain.

The sequence model may serve alone, or mixed with the item model.
"""

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
from textwire.recommendations.ranking.item_model import ItemModel
from textwire.recommendations.ranking.mixed_model import SEQUENCE_PART, MixedModel
from textwire.recommendations.ranking.sequence_model import SequenceModel

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
            "sequence_mixed_ndcg_at_10": self.compared.mixed,
            "sequence_mixed_chance": self.compared.chance_mixed,
            SEQUENCE_PART: self.compared.served_part,
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
    """Compare all three on the calibration part, where the settings ask for a sequence model.

    Raises: SettingsError: there is no such way to fuse kinds.
    """

    def by_items(events: Sequence[BehaviourEvent]) -> ItemModel:
        return fit_item_model(data, events, vectors)

    def by_sequence(events: Sequence[BehaviourEvent]) -> SequenceModel | None:
        with progress.stage("Learning what follows in which order") as stage:
            part = run.stage(f"sequence-{len(events)}")
            return fit_sequence_model(data, events, vectors, settings, stage, part)

    if not settings.sequence_layers:
        return Chosen(by_items)
    before = data.events[: calibration[0].place]
    judged = evenly([moment for moment in calibration if moment.liked], settings.judged_lists)
    model = by_sequence(before)
    if model is None:
        progress.say(
            "Nobody took two things, so there is no order to learn: the item model serves."
        )
        return Chosen(by_items)
    with progress.stage("Comparing it with the item model and texts"):
        compared = compare(model, by_items(before), data, judged, vectors, half_lives)
    progress.say(told(compared))

    def as_compared(events: Sequence[BehaviourEvent]) -> Following:
        sequence = by_sequence(events) if compared.served_part > 0.0 else None
        if sequence is None or compared.served_part == 1.0:
            return sequence or by_items(events)
        return MixedModel(by_items(events), sequence, compared.served_part)

    return Chosen(as_compared, compared)


def told(compared: Compared) -> str:
    """What was found and what follows from it, in a sentence."""
    part = compared.served_part
    serves = (
        "the item model serves"
        if part == 0.0
        else "the sequence model serves"
        if part == 1.0
        else f"both serve, {part:.0%} sequence"
    )
    return (
        f"NDCG@10 of what follows: items {compared.items:.3f}, sequence {compared.sequence:.3f}, "
        f"mixed {compared.mixed:.3f}, texts {compared.texts:.3f}. The sequence model gains in "
        f"{compared.chance:.0%} of the draws, mixed in {compared.chance_mixed:.0%}, so {serves}."
    )
