"""A new version beside the champion, on the same held-out rows; the better one serves."""

from __future__ import annotations

from pathlib import Path

from pipelines.measuring.judgement import as_it_is, timed_by_turns
from pipelines.pipeline import Pipeline
from pipelines.registry.decisions import Decision, What, keep, now
from pipelines.registry.gate import Reason, weigh, weigh_alone
from pipelines.registry.pruning import prune
from pipelines.registry.rules import Rules, read_rules
from pipelines.running.progress import Progress
from pipelines.running.training_spec import D, S, TrainingSpec
from pipelines.training.run import leads
from textwire.errors import TextwireError
from textwire.models.artifacts.registry import CHALLENGER, CHAMPION, Registry

GATE = "gate"


def promote_if_better(
    pipeline: Pipeline[D, S],
    spec: TrainingSpec[D, S],
    version: str,
    registry: Registry,
    progress: Progress,
    *,
    rules_file: Path | None = None,
    forgotten: float | None = None,
    agreement: float | None = None,
) -> bool:
    """Let a version serve if the rules say so; say why, write it down, and prune old versions.

    One that is refused becomes the challenger. Without a champion it serves whatever the rules
    found, which is said too: something must. Where processes train together, the first one decides.

    Args:   forgotten, agreement: see `weigh`.
    Raises: SettingsError: the rules cannot be read.
    """
    if not leads():
        return False
    task = pipeline.task
    rules = read_rules(task, rules_file)
    before = registry.alias(task)
    if before == version:
        return True
    reasons, passes = _weighed(
        pipeline, spec, version, registry, progress, rules, forgotten, agreement
    )
    for reason in reasons:
        progress.say(f"  {reason}")
    _decide(registry, "promoted" if passes else "refused", task, version, before, reasons)
    if passes:
        progress.say(f"{version} is now the {CHAMPION} of {task}.")
    else:
        progress.say(
            f"{version} is the {CHALLENGER} of {task}; {before} goes on serving. To serve it all "
            f"the same: `pipelines models promote {task} {version}`."
        )
    prune(registry, task, rules.keep_versions, progress)
    return passes


def _weighed(
    pipeline: Pipeline[D, S],
    spec: TrainingSpec[D, S],
    version: str,
    registry: Registry,
    progress: Progress,
    rules: Rules,
    forgotten: float | None,
    agreement: float | None,
) -> tuple[list[Reason], bool]:
    if pipeline.load_judge is None:
        return [Reason(True, "its pipeline compares no rows, so no rule was asked")], True
    with progress.stage("Comparing with the champion"):
        data, judge = spec.source.read(), pipeline.load_judge()
        challenger = judge(registry.open(pipeline.task, version), data, spec.settings, as_it_is)
        champion, missing = None, "nothing served before"
        try:
            if registry.alias(pipeline.task):
                artifact = registry.champion(pipeline.task)
                champion = judge(artifact, data, spec.settings, as_it_is)
        except TextwireError as error:
            missing = f"the champion cannot be compared: {error}"
    if champion is None:
        alone = weigh_alone(rules, challenger, forgotten)
        return [*alone, Reason(True, f"{missing}, so it serves")], True
    with progress.stage("Timing both by turns"):
        both = timed_by_turns(challenger, champion)
    reasons = weigh(rules, *both, forgotten, agreement)
    return reasons, all(reason.passed for reason in reasons)


def _decide(
    registry: Registry,
    what: What,
    task: str,
    version: str,
    before: str | None,
    reasons: list[Reason],
) -> None:
    if what == "promoted":
        registry.promote(task, version)
        if registry.alias(task, CHALLENGER) == version:
            registry.drop_alias(task, CHALLENGER)
    else:
        registry.promote(task, version, CHALLENGER)
    keep(
        registry,
        Decision(
            what=what,
            task=task,
            version=version,
            before=before,
            at=now(),
            by=GATE,
            reasons=tuple(map(str, reasons)),
        ),
    )
