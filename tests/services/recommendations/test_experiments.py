from __future__ import annotations

from datetime import timedelta

import msgspec
import numpy as np
import pytest

from services.recommendations.catalogue import Model
from tests.services.recommendations.shops import (
    AT,
    ITEMS,
    WEIGHTS,
    Salted,
    Shop,
    artifact,
    catalogue,
    did,
    ids,
    list_in,
)
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.experiments.experiment import Experiment
from textwire.recommendations.experiments.exposures import read_exposed
from textwire.recommendations.experiments.figures import Figures, read_figures
from textwire.recommendations.experiments.outcomes import read_outcomes
from textwire.recommendations.experiments.prequential import read_prequential
from textwire.recommendations.messages import ScoreRequest, Supposed
from textwire.recommendations.profiles.half_lives import HalfLives
from textwire.recommendations.ranking.features import FEATURES
from textwire.recommendations.results import read_scores, read_tried

USERS = [f"user-{number}" for number in range(40)]


class Contrary:
    """Likes what the other model does not."""

    name = "contrary"

    def score(self, features: Vectors) -> Vectors:
        weights = np.array([-WEIGHTS.get(name, 0.0) for name in FEATURES], dtype=np.float32)
        return 1 / (1 + np.exp(-(features @ weights - 3)))


def load_contrary(model: Artifact) -> Model:
    version = model.manifest.version
    return Model(Salted(version), Contrary(), version, half_lives=HalfLives())


def shop(mode: str = "split", **settings: object) -> Shop:
    made = Shop(**{"k": 3, **settings})
    made.challenger = catalogue(ITEMS, made.store, load_contrary, version="v2")
    made.experiment = Experiment(
        name="e1", a="v1", b="v2", started_at=AT, mode=mode, within_hours=2.0
    )
    return made


def of_arm(one: Shop, arm: str) -> str:
    assert one.experiment is not None
    return next(user for user in USERS if one.experiment.arm_of(user) == arm)


def figures(one: Shop) -> Figures:
    assert one.experiment is not None
    return read_figures(one.store, one.experiment)


def test_each_list_says_its_experiment_arm_and_model() -> None:
    town = shop()
    for arm, version in (("a", "v1"), ("b", "v2")):
        scored = town.list_for(of_arm(town, arm), id="r1")
        assert (scored.experiment, scored.arm, scored.model) == ("e1", arm, version)
        assert scored.request_id == "r1"


def test_an_arm_is_served_as_if_its_model_were_the_champion() -> None:
    town = shop()
    user = of_arm(town, "b")
    alone = Shop(k=3, load=lambda _: load_contrary(artifact("v2")))
    for one in (town, alone):
        one.processed(did("click", "tent", user), did("search", None, user, text="bread"))
    assert ids(town.list_for(user)) == ids(alone.list_for(user))


def test_who_is_of_the_other_arm_keeps_their_profile_when_the_experiment_begins_and_ends() -> None:
    town = shop()
    user, experiment = of_arm(town, "b"), town.experiment
    town.experiment = None
    town.processed(did("click", "tent", user))
    before = ids(town.list_for(user))
    town.experiment = experiment
    town.list_for(user)
    town.experiment = None
    assert ids(town.list_for(user)) == before


def test_a_request_of_an_experiment_of_the_shops_own_is_the_champions_and_echoed() -> None:
    town = shop()
    scored = town.list_for(of_arm(town, "b"), experiment="frontpage")
    assert (scored.experiment, scored.arm, scored.model) == ("frontpage", None, "v1")
    assert figures(town).arms["b"].lists == 0


def test_a_list_is_counted_once_with_all_its_pages() -> None:
    town = shop()
    user = of_arm(town, "a")
    first = town.list_for(user, k=2, offset=0)
    second = town.list_for(user, k=2, offset=2, list_id=first.list_id)
    assert (second.experiment, second.arm) == ("e1", "a")
    arm = figures(town).arms["a"]
    assert (arm.users, arm.lists) == (1, 1)
    town.later(minutes=1)
    town.processed(did("click", second.scores[-1].item_id, user))
    assert figures(town).arms["a"].clicks == 1


def test_a_click_and_a_purchase_count_for_the_arm_once() -> None:
    town = shop()
    user = of_arm(town, "b")
    (first, *_) = ids(town.list_for(user))
    town.later(minutes=5)
    town.processed(did("click", first, user), did("view", first, user))
    town.processed(did("click", first, user), did("purchase", first, user))
    a, b = figures(town).arms["a"], figures(town).arms["b"]
    assert (a.clicks, a.purchases) == (0, 0)
    assert (b.users, b.clicks, b.clicked, b.purchases, b.bought) == (1, 1, 1, 1, 1)


def test_a_repeated_event_counts_nothing_twice() -> None:
    town = shop()
    user = of_arm(town, "b")
    (first, second, *_) = ids(town.list_for(user))
    town.later(minutes=5)
    for _ in range(3):
        town.processed(did("click", first, user, id="one"), did("click", second, user, id="two"))
    assert figures(town).arms["b"].clicks == 2


@pytest.mark.parametrize("late", [timedelta(hours=2, seconds=1), -timedelta(seconds=1)])
def test_what_came_too_late_or_before_the_list_is_not_credited(late: timedelta) -> None:
    town = shop()
    user = of_arm(town, "b")
    (first, *_) = ids(town.list_for(user))
    town.now += max(late, timedelta())
    town.processed(did("click", first, user, at=AT + late))
    assert figures(town).arms["b"].clicks == 0


def test_what_was_not_in_a_list_is_not_credited_and_not_after_the_end() -> None:
    town = shop()
    user = of_arm(town, "b")
    listed = ids(town.list_for(user))
    other = next(item.id for item in ITEMS if item.id not in listed)
    town.later(minutes=5)
    town.processed(did("click", other, user))
    assert town.experiment is not None
    town.experiment = msgspec.structs.replace(town.experiment, stopped_at=town.now)
    town.processed(did("click", listed[0], user))
    assert figures(town).arms["b"].clicks == 0


def test_both_arms_in_one_batch_are_served_each_by_its_own() -> None:
    town = shop()
    requests = [ScoreRequest(user_id=user, id=f"r{user}") for user in USERS]
    results = town.processed(*(m for r in requests for m in (did("click", "tent", r.user_id), r)))
    lists = [list_in(result) for result in results[1::2]]
    assert [one.user_id for one in lists] == USERS
    assert {(one.arm, one.model) for one in lists} == {("a", "v1"), ("b", "v2")}
    arms = figures(town).arms
    assert arms["a"].users + arms["b"].users == len(USERS)
    # A user asks alone and gets the same.
    again = town.list_for(USERS[0])
    assert ids(again) == ids(lists[0])


def test_interleaved_both_models_pick_in_turn_and_the_click_is_the_pickers() -> None:
    town = shop("interleaved")
    leads = []
    for user in USERS:
        scored = town.list_for(user, k=4)
        assert (scored.arm, scored.model) == ("interleaved", "v1 + v2")
        assert len(set(ids(scored))) == 4
        shown = read_exposed(town.store, [user])[user].lists[-1]
        assert len(shown.picks_b) == 2
        town.later(seconds=1)
        town.processed(did("click", shown.picks_b[0], user))
        tally = read_outcomes(town.store, [user])[user].tallies["e1"]["clicks"]
        leads.append((tally.all, tally.lead))
    assert leads == [(1, 1)] * len(USERS)
    (clicks, _) = figures(town).findings
    assert (clicks.a, clicks.b) == (0.0, 1.0)


def test_an_interleaved_list_stays_until_something_changes() -> None:
    town = shop("interleaved")
    first = ids(town.list_for("u"))
    town.later(seconds=30)
    assert ids(town.list_for("u")) == first
    assert town.pushed("u") is None


def test_interleaving_sees_what_was_done_in_the_same_batch() -> None:
    town = shop("interleaved", k=6)
    scored = list_in(town.processed(did("purchase", "tent", "u"), ScoreRequest(user_id="u"))[1])
    assert "tent" not in ids(scored)


def test_forgetting_takes_what_a_user_was_shown_and_did() -> None:
    town = shop()
    user = of_arm(town, "b")
    (first, *_) = ids(town.list_for(user))
    town.later(minutes=1)
    town.processed(did("click", first, user))
    assert read_outcomes(town.store, [user])
    town.processed(did("forget", None, user))
    town.processed(ScoreRequest(user_id=user, trigger="push"))
    assert read_exposed(town.store, [user]) == {}
    assert read_outcomes(town.store, [user]) == {}


def test_what_comes_next_is_looked_for_in_the_list_before_by_model() -> None:
    town = Shop(k=3)
    listed = ids(town.list_for("u"))
    other = next(item.id for item in ITEMS if item.id not in listed)
    town.later(minutes=1)
    town.processed(did("click", listed[1], "u"), did("click", other, "u"))
    town.processed(did("click", other, "u"))  # it was found once
    (clicks,) = read_prequential(town.store, town.now)
    assert (clicks.model, clicks.outcome, clicks.events, clicks.hits) == ("v1", "clicks", 2, 1)
    assert clicks.hit_rate == 0.5
    assert clicks.ndcg == pytest.approx(1 / np.log2(3) / 2, abs=1e-5)


def test_a_trial_by_another_model_or_setting_changes_nothing() -> None:
    town = shop(k=6)
    user = of_arm(town, "a")
    home = town.list_for(user, id="home")
    other = town.list_for(user, id="trial", model="v2")
    assert (other.model, other.experiment, other.arm) == ("v2", None, None)
    assert ids(other) != ids(home)
    assert read_scores(town.store, user) == home
    assert read_tried(town.store, user, "trial") == other
    assert figures(town).arms["a"].lists == 1
    assert town.pushed(user) is None


def test_a_model_that_is_not_served_is_refused_with_those_that_are() -> None:
    refused = Shop().list_for(model="v9", id="r")
    assert refused.scores == ()
    assert "`model` is v9, which is not served now. The champion is v1" in (refused.error or "")


def test_what_if_is_as_if_it_had_been_done_and_is_not_kept() -> None:
    town = Shop(k=6)
    supposed = town.list_for(
        what_if=(Supposed(kind="click", item_id="tent"), Supposed(kind="purchase", item_id="pan"))
    )
    after = Shop(k=6)
    after.processed(did("click", "tent"), did("purchase", "pan"))
    assert "pan" not in ids(supposed)
    assert set(ids(supposed)) == set(ids(after.list_for()))
    assert "pan" in ids(town.list_for())


def test_a_setting_may_be_tried_on_one_list() -> None:
    town = Shop(k=6, trade_off=0.0)
    town.processed(did("click", "tent"))
    plain = town.list_for(trade_off=1.0)
    scores = [item.score for item in plain.scores]
    assert scores == sorted(scores, reverse=True)


def test_why_an_item_is_not_listed_is_told_by_the_step_that_left_it_out() -> None:
    town = Shop(k=2)
    town.processed(did("purchase", "pan"), did("dislike", "lamp"), did("click", "tent"))
    listed = ids(town.list_for())
    low = next(i.id for i in ITEMS if i.id not in (*listed, "pan", "lamp"))
    scored = town.list_for(why_not=("pan", "lamp", "ghost", low, listed[0]))
    why = {one.item_id: one for one in scored.why_not}
    assert {id_: one.step for id_, one in why.items()} == {
        "pan": "bought",
        "lamp": "disliked",
        "ghost": "unknown",
        low: "scored_lower",
        listed[0]: "listed",
    }
    assert (why[low].place or 0) > 2
    assert why[low].score is not None


def test_why_not_knows_what_was_not_looked_at_and_variants() -> None:
    items = [
        *(msgspec.structs.replace(ITEMS[3], id=f"lamp-{size}", group="lamp") for size in "sml"),
        *ITEMS,
    ]
    town = Shop(items, k=9)
    scored = town.list_for(candidates=("lamp-s", "lamp-m", "tent"), why_not=("lamp-m", "novel"))
    steps = {one.item_id: one for one in scored.why_not}
    variants = {one.item_id for one in scored.scores} & {"lamp-s", "lamp-m"}
    assert len(variants) == 1
    assert steps["novel"].step == "not_found"
    assert steps["novel"].score is not None
    assert steps["lamp-m"].step in ("variant", "listed")
