"""What a served classifier makes of held-out messages, one by one."""

from __future__ import annotations

from pipelines.classification.judge import judge_examples
from pipelines.dialogue_acts.calibrate import halve
from pipelines.dialogue_acts.data import TurnData
from pipelines.dialogue_acts.settings import DialogueActSettings
from pipelines.measuring.judgement import Disturb, Judgement
from textwire.models.artifacts.artifact import Artifact
from textwire.support_qa.dialogue_acts import BETWEEN


def judge(
    artifact: Artifact, data: TurnData, settings: DialogueActSettings, disturb: Disturb
) -> Judgement:
    """Accuracy of acts on the half that is reported; what was said before is not disturbed."""
    examples = halve(data, settings.seed).reported
    return judge_examples(artifact, examples, lambda text: _disturbed(text, disturb))


def _disturbed(text: str, disturb: Disturb) -> str:
    message, between, context = text.partition(BETWEEN)
    return f"{disturb(message)}{between}{context}"
