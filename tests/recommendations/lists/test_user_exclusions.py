from __future__ import annotations

from tests.recommendations.shop import NOON
from textwire.recommendations.lists.user_exclusions import left_out, variants_left_out
from textwire.recommendations.messages import Item, ScoreRequest
from textwire.recommendations.results import Profile

USER = Profile(
    user_id="u1",
    at=NOON,
    seen={"opened": 1.0, "kept": 2.0},
    bought=("kept",),
    disliked=("ugly",),
)
SHIRTS = {name: Item(id=name, title="A shirt", group="shirt") for name in ("kept", "opened")}


def asking(**wishes: object) -> ScoreRequest:
    return ScoreRequest(user_id="u1", **wishes)


def test_of_an_unknown_user_only_what_the_request_excludes_is_left_out() -> None:
    assert left_out(asking(exclude=("a",), exclude_seen=True), None) == {"a": "excluded"}


def test_what_was_bought_or_turned_down_is_left_out_and_what_was_seen_where_wished() -> None:
    assert left_out(asking(), USER) == {"kept": "bought", "ugly": "disliked"}
    assert left_out(asking(exclude_seen=True), USER) == {
        "opened": "seen",
        "kept": "bought",
        "ugly": "disliked",
    }


def test_the_request_may_allow_what_was_bought_and_goes_before_all_else() -> None:
    assert left_out(asking(allow_bought=True), USER) == {"ugly": "disliked"}
    assert left_out(asking(exclude=("kept",)), USER)["kept"] == "excluded"


def test_variants_of_what_was_bought_go_as_it_goes() -> None:
    assert variants_left_out(asking(), USER, SHIRTS.get) == {"shirt": "bought"}
    assert variants_left_out(asking(allow_bought=True), USER, SHIRTS.get) == {}
    both = asking(allow_bought=True, exclude_seen=True)
    assert variants_left_out(both, USER, SHIRTS.get) == {"shirt": "seen"}


def test_what_is_of_no_group_or_gone_leaves_no_variants_out() -> None:
    alone = {"kept": Item(id="kept", title="A hat")}
    assert variants_left_out(asking(exclude_seen=True), USER, alone.get) == {}
    assert variants_left_out(asking(), None, SHIRTS.get) == {}
