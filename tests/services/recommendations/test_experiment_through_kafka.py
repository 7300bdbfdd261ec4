"""An experiment of two real models through the real Kafka and Redis, with a death in between."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import msgspec
import pytest

from tests.services.recommendations.shops import did, ids
from tests.services.recommendations.test_service import (
    PowerCut,
    Replica,
    Town,
    cut_off_loop,
    model,
    now,
    servers,
    town,
    until,
)
from tests.services.recommendations.tiny_model import tiny_model
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import Registry
from textwire.recommendations.experiments.experiment import Experiment
from textwire.recommendations.experiments.figures import Figures, read_figures
from textwire.recommendations.experiments.stored import EXPERIMENTS_KEY, start
from textwire.recommendations.messages import ScoredList
from textwire.recommendations.topics import RECS_SCORES
from textwire.results.writes import Remove
from textwire.stream.clients.reading import read_to_end

__all__ = ["model", "servers", "town"]


@pytest.mark.slow
def test_two_arms_are_served_counted_once_and_told_through_a_death(
    town: Town, model: Artifact, tiny_artifact: Artifact, tmp_path: Path
) -> None:
    registry = Registry(str(tmp_path / "models"))
    for made in (model, tiny_model(tiny_artifact, tmp_path / "made", version="v2")):
        registry.register(made.path, made.manifest)
    town.results.write([Remove(EXPERIMENTS_KEY)])
    name = town.name.replace("_", "-")[:60]
    experiment = Experiment(name=name, a="v1", b="v2", started_at=now())
    start(town.results, experiment)
    users = [f"{town.name}-{number}" for number in range(12)]
    with Replica(town, model, registry=registry, push=False).running() as replica:
        until(lambda: replica.experiments.serving.running)
        lists = {user: town.list_for(user, k=3) for user in users}
    for user, scored in lists.items():
        arm = experiment.arm_of(user)
        assert (scored.experiment, scored.arm) == (name, arm)
        assert scored.model == experiment.version_of(arm)
    clicked = {user: ids(scored)[0] for user, scored in lists.items()}
    town.does(*(did("click", item, user) for user, item in clicked.items()))
    _die_after_storing(town, model, registry)
    with Replica(town, model, registry=registry, push=False).running() as replica:
        until(lambda: replica.experiments.serving.running)
        for user in users:
            town.events_known(user, 1)
        told = {user: town.list_for(user, k=3) for user in users}
    assert {user: one.arm for user, one in told.items()} == {
        user: experiment.arm_of(user) for user in users
    }
    figures = _figures(town, experiment)
    assert sum(arm.users for arm in figures.arms.values()) == len(users)
    assert sum(arm.lists for arm in figures.arms.values()) == 2 * len(users)
    assert sum(arm.clicks for arm in figures.arms.values()) == len(users)
    assert sum(arm.clicked for arm in figures.arms.values()) == len(users)
    seen = [
        msgspec.json.decode(record.value or b"", type=ScoredList)
        for record in read_to_end(RECS_SCORES.name, town.kafka)
    ]
    of_users = [one for one in seen if one.user_id in users]
    assert len({one.list_id for one in of_users}) == len(of_users) == 2 * len(users)
    town.results.write([Remove(EXPERIMENTS_KEY)])


def _figures(town: Town, experiment: Experiment) -> Figures:
    return read_figures(town.results, experiment)


def _die_after_storing(town: Town, model: Artifact, registry: Registry) -> None:
    """A replica stores the events' outcomes and dies before it publishes and commits."""
    dying = Replica(town, model, registry=registry, loop=cut_off_loop, push=False)
    failed: list[BaseException] = []

    def run() -> None:
        try:
            dying.loop.run()
        except PowerCut as error:
            failed.append(error)

    for part in dying.beside:
        part.start()
    until(lambda: dying.experiments.serving.running)
    thread = Thread(target=run)
    thread.start()
    thread.join(timeout=60)
    for part in dying.beside:
        part.stop()
    assert failed
