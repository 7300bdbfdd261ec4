"""The champions that travel with the code are those of the samples that stand beside them."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.applications import pipelines_by_name
from pipelines.artifacts.shipping import changed_since
from pipelines.pipeline import Pipeline
from textwire.models.shipped.champions import shipped_champion

PIPELINES = {
    name: pipeline
    for name, pipeline in pipelines_by_name().items()
    if not (pipeline.on_demand or pipeline.optional) or shipped_champion(pipeline.task)
}


@pytest.mark.parametrize("pipeline", PIPELINES.values(), ids=PIPELINES)
def test_a_champion_that_travels_is_no_older_than_its_data(pipeline: Pipeline[Any, Any]) -> None:
    # `make models` makes them anew. That code changed is said by `pipelines ship --check`.
    assert set(changed_since(pipeline)) <= {"code"}
