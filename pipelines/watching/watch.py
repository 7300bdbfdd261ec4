"""One look of `pipelines watch`, and what follows from it.

    steady ── drift, or enough feedback ──▶ training ──▶ shadow ── enough texts ──▶ the gate
      ▲                                        │                                     │    │
      │                                        ▼                               refused    promoted
      └──────────────────────────────── nothing_new                                  (or waits, for
                                                                                      a person)

Where it stands is in Redis, so a watch that was killed goes on from there, and a page shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Generic

from msgspec.structs import replace

from pipelines.pipeline import Pipeline
from pipelines.registry.promoting import promote_if_better
from pipelines.running.progress import Progress
from pipelines.running.run import run_pipeline
from pipelines.running.training_spec import D, S, TrainingSpec
from pipelines.watching.drift import find_drift
from textwire.models.artifacts.registry import CHALLENGER, Registry
from textwire.results.store import ResultStore
from textwire.shadow.results import (
    WINDOW,
    ShadowFigures,
    WatchState,
    observed_texts,
    read_shadow,
    read_watches,
    read_windows,
    watch_write,
)

TOO_FEW = 2 * WINDOW


@dataclass(frozen=True)
class WatchOptions:
    """What a watch waits for.

    shadow_texts    that a challenger must have read beside the champion before it is decided.
    least_feedback  judgements of people since the champion was made that lead to a training.
    by_person       whether nobody but a person promotes.
    rules_file      of the gate; None: the shipped one.
    """

    shadow_texts: int = 200
    least_feedback: int = 50
    by_person: bool = False
    rules_file: Path | None = None


@dataclass(frozen=True)
class Watch(Generic[D, S]):
    """Of one task; `spec` reads anew each time what there is to learn from."""

    pipeline: Pipeline[D, S]
    spec: Callable[[], AbstractContextManager[TrainingSpec[D, S]]]
    registry: Registry
    store: ResultStore
    work_dir: Path
    options: WatchOptions
    clock: Callable[[], datetime]
    progress: Progress

    @property
    def task(self) -> str:
        """Its name in the registry."""
        return self.pipeline.task

    def look(self) -> WatchState:
        """Look once, and do what follows; where it stands now.

        Raises: ArtifactMissing: there is no champion. Unavailable: Redis or the registry is away.
                DataError, DataFileError: what there is to learn from cannot be used.
        """
        champion = self.registry.champion(self.task).manifest
        before = read_watches(self.store).get(self.task)
        if before is None or before.champion != champion.version:
            before = self._begun(champion.version, before)
        feedback = self._feedback(champion.created_at)
        state = replace(before, at=self.clock(), feedback=feedback)
        in_shadow = self.registry.alias(self.task, CHALLENGER)
        if in_shadow and in_shadow != state.decided:
            return self._judge(replace(state, challenger=in_shadow))
        state = self._tested(state)
        reasons = self._reasons(state)
        if not reasons:
            return self._kept(self._resting(state))
        return self._train(replace(state, reasons=reasons))

    def _begun(self, champion: str, before: WatchState | None) -> WatchState:
        """A champion that is new here; who was promoted by a person was decided too."""
        promoted = before is not None and before.challenger == champion
        return WatchState(
            task=self.task,
            champion=champion,
            at=self.clock(),
            stage="promoted" if promoted else "steady",
            challenger=None,
            told=f"{champion} was promoted." if promoted else "",
        )

    def _feedback(self, since: datetime) -> int | None:
        count = self.pipeline.count_feedback
        return count(self.store, since) if count else None

    def _tested(self, state: WatchState) -> WatchState:
        """Tested once for each window of new texts, so that looking often finds no more."""
        seen = observed_texts(self.store, self.task, state.champion)
        if seen < max(TOO_FEW, state.tested_at_texts + WINDOW):
            return state
        windows = read_windows(self.store, self.task, state.champion)
        return replace(state, drift=find_drift(*windows), tested_at_texts=seen)

    def _reasons(self, state: WatchState) -> tuple[str, ...]:
        drifted = [
            f"{one.of} have drifted ({one.test}, {one.statistic:.3f}, p = {one.p:.2g})"
            for one in state.drift
            if one.drifted
        ]
        enough = state.feedback is not None and state.feedback >= self.options.least_feedback
        told = [f"{state.feedback:,} judgements of people since it was made"] if enough else []
        return (*drifted, *told)

    def _resting(self, state: WatchState) -> WatchState:
        """Nothing is to do; what was decided last stays to be seen."""
        if state.stage in ("promoted", "refused"):
            return state
        seen = observed_texts(self.store, self.task, state.champion)
        told = (
            "What is asked now is like what was asked first."
            if state.drift
            else f"{seen:,} texts seen of the champion; drift is tested from {TOO_FEW:,} on."
        )
        return replace(state, stage="steady", reasons=(), told=told)

    def _train(self, state: WatchState) -> WatchState:
        with self.spec() as spec:
            known = self.registry.find(self.task, spec.fingerprint)
            if known and state.stage != "training":
                return self._kept(replace(state, stage="nothing_new", told=NOTHING_NEW))
            state = self._kept(replace(state, stage="training", challenger=None, told=TRAINING))
            for reason in state.reasons:
                self.progress.say(f"{self.task}: {reason}.")
            version = run_pipeline(self.pipeline, spec, self.registry, self.work_dir, self.progress)
            state = replace(state, challenger=version)
            if not self.pipeline.in_shadow and not self.options.by_person:
                return self._decide(state, spec)
        self.registry.promote(self.task, version, CHALLENGER)
        return self._judge(state)

    def _judge(self, state: WatchState) -> WatchState:
        figures = self._figures(state)
        wanted = self.options.shadow_texts if self.pipeline.in_shadow else 0
        if figures.texts < wanted:
            told = f"{figures.texts:,} of {wanted:,} texts read beside the champion."
            return self._kept(replace(state, stage="shadow", told=told))
        if self.options.by_person:
            told = f"`pipelines models promote {self.task} {state.challenger}` lets it serve."
            return self._kept(replace(state, stage="waits", told=told))
        with self.spec() as spec:
            return self._decide(state, spec)

    def _decide(self, state: WatchState, spec: TrainingSpec[D, S]) -> WatchState:
        figures = self._figures(state)
        passes = promote_if_better(
            self.pipeline,
            spec,
            state.challenger or "",
            self.registry,
            self.progress,
            rules_file=self.options.rules_file,
            agreement=figures.agreement if figures.texts else None,
        )
        told = "The gate lets it serve." if passes else "The gate refused it."
        stage = "promoted" if passes else "refused"
        # What led to it was answered: another one needs another window, or more feedback.
        return self._kept(
            replace(state, stage=stage, told=told, drift=(), decided=state.challenger)
        )

    def _figures(self, state: WatchState) -> ShadowFigures:
        return read_shadow(self.store, self.task, state.champion, state.challenger or "")

    def _kept(self, state: WatchState) -> WatchState:
        self.store.write([watch_write(state)])
        return state


NOTHING_NEW = (
    "There is nothing new to learn from: a model was made from these rows before. Label some of "
    "what comes in now, and add it to --data."
)
TRAINING = "A challenger is trained."
