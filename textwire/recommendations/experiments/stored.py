"""Experiments where all replicas, the command line and pages find them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from textwire.errors import Refused
from textwire.recommendations.experiments.experiment import Experiment
from textwire.results.keys import key
from textwire.results.reading import read_table
from textwire.results.store import ResultStore
from textwire.results.writes import Remove, SetField, Write

EXPERIMENTS_KEY = key("recs", "experiments")
KEPT_EXPERIMENTS = 20


def read_experiments(store: ResultStore) -> list[Experiment]:
    """All that are remembered, the last started first."""
    known = read_table(store, EXPERIMENTS_KEY, Experiment).values()
    return sorted(known, key=lambda one: (one.started_at, one.name), reverse=True)


def read_experiment(store: ResultStore, name: str) -> Experiment:
    """One by its name.

    Raises: Refused: there is none of that name.
    """
    known = {one.name: one for one in read_experiments(store)}
    if name not in known:
        raise Refused(f"There is no experiment {name}. `textwire recs experiment list` has them.")
    return known[name]


def start(store: ResultStore, experiment: Experiment) -> None:
    """Let an experiment run, and forget those that ended longest ago.

    Raises: Refused: another one runs, the name was used before, or both arms are one version.
    """
    known = read_experiments(store)
    if running := next((one for one in known if one.runs), None):
        raise Refused(
            f"{running.name} runs, and a list is made by one experiment. Stop it first: "
            f"`textwire recs experiment stop {running.name}`."
        )
    if any(one.name == experiment.name for one in known):
        raise Refused(
            f"{experiment.name} was the name of an experiment before, whose figures are kept. "
            "Choose another name: it draws the users anew."
        )
    if experiment.a == experiment.b:
        raise Refused(f"Both arms are {experiment.a}. Name two different versions.")
    writes: list[Write] = [
        SetField(EXPERIMENTS_KEY, experiment.name, msgspec.json.encode(experiment))
    ]
    for old in known[KEPT_EXPERIMENTS - 1 :]:
        writes += remove_writes(old.name)
    store.write(writes)


def stop(store: ResultStore, name: str, at: datetime) -> Experiment:
    """Let an experiment end; its figures are kept.

    Raises: Refused: there is none of that name.
    """
    known = read_experiment(store, name)
    if not known.runs:
        return known
    stopped = msgspec.structs.replace(known, stopped_at=at)
    store.write([SetField(EXPERIMENTS_KEY, name, msgspec.json.encode(stopped))])
    return stopped


def remove_writes(name: str) -> list[Write]:
    """An experiment and its figures go."""
    return [SetField(EXPERIMENTS_KEY, name, None), Remove(counts_key(name))]


def counts_key(name: str) -> str:
    """Where an experiment's counts stand."""
    return key("recs", "experiment", name)
