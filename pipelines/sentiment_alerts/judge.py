"""What a served classifier makes of held-out articles and companies, one by one."""

from __future__ import annotations

from pipelines.classification.judge import judge_examples
from pipelines.measuring.judgement import Disturb, Judgement
from pipelines.sentiment_alerts.calibrate import halve
from pipelines.sentiment_alerts.data import NewsData
from pipelines.sentiment_alerts.examples import parts_of
from pipelines.sentiment_alerts.settings import SentimentSettings
from textwire.models.artifacts.artifact import Artifact
from textwire.sentiment_alerts.scoring.tone import TONE_THRESHOLD, tones


def judge(
    artifact: Artifact, data: NewsData, settings: SentimentSettings, disturb: Disturb
) -> Judgement:
    """Accuracy of tones on the half that is reported, articles and companies alike."""
    least = artifact.manifest.thresholds.get(TONE_THRESHOLD, 0.0)
    return judge_examples(
        artifact,
        halve(data, settings.seed).reported,
        lambda text: _disturbed(text, disturb),
        lambda found: tones(found, least),
    )


def _disturbed(text: str, disturb: Disturb) -> str:
    """What is said, disturbed; the company that it is read for stays."""
    before, said, after = parts_of(text)
    return f"{before}{disturb(said)}{after}"
