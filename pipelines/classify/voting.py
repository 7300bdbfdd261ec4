"""Whether the nearest learned texts have a vote beside the head, decided on held-out texts."""

from __future__ import annotations

from pipelines.classification.examples import Examples
from pipelines.classification.model import TextClassifier
from pipelines.classification.neighbours import choose_neighbours, said_of
from pipelines.classify.settings import ClassifySettings
from pipelines.running.progress import Progress


def give_a_vote(
    model: TextClassifier,
    train: Examples,
    held_out: Examples,
    settings: ClassifySettings,
    progress: Progress,
) -> dict[str, float]:
    """Give the nearest texts a vote if that gains, and where it is asked for; its figures."""
    if not settings.neighbours or settings.method == "zero-shot":
        return {}
    with progress.stage("Weighing the vote of the nearest texts"):
        model.neighbours, gain = choose_neighbours(model, train, held_out, settings.seed)
    progress.say(said_of(model.neighbours, gain))
    return {
        "neighbours_share": model.neighbours.share if model.neighbours else 0.0,
        "neighbours_gain": gain.mean,
        "neighbours_gain_error": gain.error,
    }
