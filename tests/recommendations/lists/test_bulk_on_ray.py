"""Bulk scoring on a local Ray; `pip install 'textwire[ray]'` has it, and nothing else needs it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.services.recommendations.shops import ITEMS
from tests.services.recommendations.tiny_model import tiny_model
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import Registry
from textwire.recommendations.lists.bulk_setup import BulkSetup
from textwire.recommendations.messages import ScoreRequest
from textwire.recommendations.results import Profile, profile_writes
from textwire.results.redis import RedisResults

pytest.importorskip("ray", reason="Ray is not installed: it is the extra `ray`, of no lock.")

AT = datetime(2026, 1, 20, 12, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_lists_on_ray_are_those_of_one_process_in_their_order(
    tiny_artifact: Artifact,
    tmp_path: Path,
    redis_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from textwire.recommendations.lists.bulk_on_ray import BLOCK_REQUESTS, RayScoring

    registry = Registry(str(tmp_path / "models"))
    model = tiny_model(tiny_artifact, tmp_path / "made")
    registry.register(model.path, model.manifest)
    registry.promote("recommendations", model.manifest.version)
    monkeypatch.setenv("TEXTWIRE_MODELS_REGISTRY", str(tmp_path / "models"))
    monkeypatch.setenv("TEXTWIRE_REDIS_URL", redis_url)
    users = [f"ray-{number}" for number in range(BLOCK_REQUESTS + 50)]
    with closing(RedisResults.from_url(redis_url)) as store:
        store.write(profile_writes(Profile(user_id=users[7], at=AT, bought=("pan",))))
        setup = BulkSetup.taken(ITEMS, store, AT)
        requests = [ScoreRequest(user_id=user, id=user, k=3) for user in users]
        here = list(setup.scoring(store).lists(requests))
        with closing(RayScoring(setup)) as scoring:
            there = list(scoring.lists(requests))
    assert there == here
    assert [scored.user_id for scored in there] == users
    assert "pan" not in {item.item_id for item in there[7].scores}
