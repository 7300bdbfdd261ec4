from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from tests.services.recommendations.shops import Shop, did, ids, why_dropped
from textwire.errors import RecordRejected
from textwire.recommendations.messages import ScoredList, ScoreRequest


def test_an_answer_says_what_it_answers() -> None:
    request = {"id": "r1", "context": "tent", "k": 3, "experiment": "b"}
    scored = Shop().list_for(**request)
    assert (scored.request_id, scored.context, scored.k, scored.experiment) == (
        "r1",
        "tent",
        3,
        "b",
    )
    assert scored.mode == "for_user"
    assert len(scored.list_id) == 20
    assert msgspec.json.decode(msgspec.json.encode(scored), type=ScoredList) == scored


@pytest.mark.parametrize(
    "wishes",
    [
        {"context": "sea", "k": 3},
        {"filters": {"category": "books"}},
        {"mode": "similar", "item_id": "tent"},
        {"candidates": ("pan",)},
        {"k": 2},
        {"exclude": ("tent",)},
        {"offset": 0, "k": 2},
    ],
)
def test_a_list_of_another_kind_is_not_what_pushes_are_compared_with(wishes) -> None:
    shop = Shop()
    shop.processed(did("click", "tent"))
    assert shop.pushed() is not None
    shop.list_for(**wishes)
    shop.processed(did("impression", "pan"))
    assert shop.pushed() is None


def test_a_context_that_the_model_cannot_read_is_said() -> None:
    shop = Shop()
    shop.processed(did("click", "tent"))
    usual = shop.list_for()
    for words in ("平底锅", "帐篷", "палатка"):
        scored = shop.list_for(context=words)
        assert scored.unread_context
        assert scored.notes
        assert ids(scored) == ids(usual)
    assert not shop.list_for(context="light tent").unread_context
    assert not Shop(languages=("zh", "en")).list_for(context="平底锅").unread_context


def test_pages_of_a_list_are_of_the_same_list_whatever_happened_since() -> None:
    shop = Shop()
    whole = ids(shop.list_for())
    first = shop.list_for(k=2, offset=0)
    shop.processed(*(did("click", "novel") for _ in range(5)))
    second = shop.list_for(k=2, offset=2, list_id=first.list_id)
    third = shop.list_for(k=2, offset=4, list_id=first.list_id)
    assert [*ids(first), *ids(second), *ids(third)] == whole
    assert [item.rank for item in second.scores] == [3, 4]
    assert {first.list_id} == {second.list_id, third.list_id}
    assert ids(shop.list_for())[0] == "novel"


def test_a_page_leaves_out_what_has_gone_and_says_so() -> None:
    shop = Shop()
    first = shop.list_for(k=3, offset=0)
    sold = shop.list_for(k=3, offset=3, list_id=first.list_id).scores[0].item_id
    item = shop.catalogue.snapshot.index.item(sold)
    shop.catalogue.apply({sold: replace(item, stock=0)})
    page = shop.list_for(k=3, offset=3, list_id=first.list_id)
    assert sold not in ids(page)
    assert why_dropped(page) == {sold: "sold_out"}


def test_a_page_of_a_list_that_is_not_kept_is_refused_with_what_to_do() -> None:
    scored = Shop().list_for(k=2, offset=2, list_id="gone")
    assert scored.scores == ()
    assert "offset" in scored.error


def test_an_answer_goes_where_it_is_allowed_to() -> None:
    shop = Shop(reply_topics=("recs.scores.web",))
    (result,) = shop.processed(ScoreRequest(user_id="u", reply_to="recs.scores.web"))
    assert [out.topic.name for out in result.messages] == ["recs.scores.web"]
    with pytest.raises(RecordRejected, match=r"recs\.scores\.web"):
        shop.processed(ScoreRequest(user_id="u", reply_to="news.alerts"))
