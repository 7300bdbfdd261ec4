"""Which models a start needs."""

from __future__ import annotations

from pipelines.applications import pipelines_by_name
from textwire.models.artifacts.task_names import task_of
from textwire.models.shipped.champions import shipped_champion
from textwire.stack.first_run import OPTIONAL, pipelines_here


def test_a_start_trains_nothing_that_serving_does_without() -> None:
    optional = {name for name, pipeline in pipelines_by_name().items() if pipeline.optional}
    assert optional == OPTIONAL
    assert all(shipped_champion(task_of(name)) for name in optional & set(pipelines_here()))


def test_a_start_needs_every_other_pipeline_that_has_samples() -> None:
    served = {
        name
        for name, pipeline in pipelines_by_name().items()
        if not (pipeline.optional or pipeline.on_demand)
    }
    assert served <= set(pipelines_here())
