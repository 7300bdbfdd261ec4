"""`pipelines compare NAME`: every method on the same data and budget, and one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any

from pipelines.comparing.sampling import Sampled
from pipelines.comparing.summary import MethodSummary, summarise
from pipelines.comparing.trial import Trial, Wish, run_trial
from pipelines.pipeline import Pipeline
from pipelines.running.progress import Progress, Stage
from pipelines.running.training_spec import Source, with_wishes
from pipelines.tuning.methods import Method
from textwire.errors import DataError


@dataclass(frozen=True)
class Budget:
    """What every method gets.

    rows, held_out  how many are drawn; None: all.
    minutes         after which a method is stopped; None: never.
    at_once         so many trials run side by side: sooner done, and each of them slower.
    """

    epochs: int | None = None
    rows: int | None = None
    held_out: int | None = None
    seeds: int = 1
    minutes: float | None = None
    at_once: int = 1


def compare_methods(
    pipeline: Pipeline[Any, Any],
    source: Source[Any],
    methods: Sequence[Method],
    budget: Budget,
    progress: Progress,
    base: str | None = None,
) -> list[MethodSummary]:
    """A summary for each method, in their order; one that fails says why.

    Raises: DataError: the data cannot be used, or nothing compares versions by rows.
    """
    if pipeline.load_judge is None:
        raise DataError(f"{pipeline.task} has nothing that judges it row by row.")
    sampled: Sampled[Any] = Sampled(source, budget.rows, budget.held_out)
    with progress.stage("Reading the data"):
        sampled.read()
    summaries = []
    with _running(budget.at_once) as run:
        trials_of = {
            method: [
                run(_wish(pipeline, sampled, method, seed, budget, base), budget.minutes)
                for seed in range(budget.seeds)
            ]
            for method in methods
        }
        for method, trials in trials_of.items():
            with progress.stage(f"{method}: training and judging") as stage:
                stage.expect(budget.seeds)
                done = [_awaited(trial, stage) for trial in trials]
            summaries.append(summarise(done))
            progress.say(f"  {summaries[-1].failed or summaries[-1].score}")
    return summaries


@contextmanager
def _running(at_once: int) -> Iterator[Callable[[Wish, float | None], Future[Trial]]]:
    """What begins a trial as soon as there is room; whoever leaves ends those under way."""
    given_up = Event()
    with ThreadPoolExecutor(at_once, "trial") as pool:
        try:
            yield lambda wish, minutes: pool.submit(run_trial, wish, minutes, given_up)
        except BaseException:
            given_up.set()
            pool.shutdown(cancel_futures=True)
            raise


def _awaited(trial: Future[Trial], stage: Stage) -> Trial:
    done = trial.result()
    stage.advance()
    return done


def _wish(
    pipeline: Pipeline[Any, Any],
    source: Sampled[Any],
    method: Method,
    seed: int,
    budget: Budget,
    base: str | None,
) -> Wish:
    _, usual = pipeline.usual()
    settings = replace(with_wishes(usual, base, budget.epochs, method), seed=seed)
    drawn = (f"rows:{budget.rows}", f"held_out:{budget.held_out}")
    return Wish(pipeline.application, source, settings, drawn, with_noise=seed == 0)


def rows_in_words(source: Source[Any], budget: Budget) -> str:
    """How many rows were learned from and judged on."""
    data = Sampled(source, budget.rows, budget.held_out).read()
    if hasattr(data, "train"):
        return f"{len(data.train):,} rows to learn from, {len(data.held_out):,} held out"
    return f"{len(data.events):,} events, divided by time"


def shown_command(arguments: Sequence[str]) -> str:
    """The command as somebody could type it again."""
    return " ".join(["pipelines", *(Path(a).name if "/" in a else a for a in arguments)])
