from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from tests.services.recommendations.shops import (
    AT,
    ITEMS,
    Shop,
    did,
    ids,
    list_in,
)
from tests.services.recommendations.streams import EVERYTHING, STREAMS
from textwire.errors import RecordRejected, RedisUnavailable, Unavailable
from textwire.recommendations.messages import Item, ScoredList, ScoreRequest
from textwire.recommendations.ranking.features import FEATURES
from textwire.recommendations.results import (
    read_active_users,
    read_profiles,
    read_scores,
    read_user_history,
)
from textwire.recommendations.topics import RECS_SCORES
from textwire.results.memory import MemoryResults
from textwire.stream.processor import Processor


def test_recommendations_is_a_processor() -> None:
    service: Processor = Shop().service
    assert service.name == "recommendations"
    assert [topic.name for topic in service.inputs] == ["recs.events", "recs.requests"]
    assert service.model == "v1"


def test_a_list_is_of_what_the_user_looked_at() -> None:
    shop = Shop()
    shop.processed(did("click", "tent"), did("click", "pan", user="other"))
    assert ids(shop.list_for("u"))[:2] == ["tent", "lamp"]
    assert ids(shop.list_for("other"))[:2] == ["pan", "basket"]


def test_a_list_says_what_it_rests_on() -> None:
    shop = Shop()
    shop.processed(did("click", "tent"))
    scored = shop.list_for(id="r1")
    assert (scored.user_id, scored.request_id, scored.trigger) == ("u", "r1", "request")
    assert (scored.model, scored.scored_at) == ("v1", AT)
    assert all(set(item.parts) == set(FEATURES) for item in scored.scores)
    assert all(item.reason for item in scored.scores)
    assert msgspec.json.decode(msgspec.json.encode(scored), type=ScoredList) == scored
    assert read_scores(shop.store, "u") == scored


def test_lists_go_to_the_topic_of_scores() -> None:
    shop = Shop()
    (result,) = shop.processed(ScoreRequest(user_id="u"))
    assert [out.topic for out in result.messages] == [RECS_SCORES]


def test_a_new_user_gets_what_is_liked_and_new() -> None:
    shop = Shop()
    shop.processed(*(did("purchase", "novel", user=f"u{n}") for n in range(9)))
    scored = shop.list_for("nobody")
    assert ids(scored)[0] == "novel"
    assert "atlas" in ids(scored)
    assert set(ids(scored)) == EVERYTHING


def test_a_new_user_is_understood_by_the_words_of_the_request() -> None:
    scored = Shop().list_for("nobody", context="something for my tent")
    assert set(ids(scored)[:2]) == {"tent", "lamp"}
    assert scored.scores[0].reason == "Fits what you asked for"


def test_words_that_are_blank_ask_for_nothing() -> None:
    shop = Shop()
    assert ids(shop.list_for(context=" \n ")) == ids(shop.list_for())


def test_a_new_item_is_found_by_its_text_alone() -> None:
    shop = Shop()
    shop.processed(did("click", "tent"))
    shop.catalogue.apply({"new": Item(id="new", title="Light tent for three")})
    assert "new" in ids(shop.list_for())[:2]


def test_what_a_user_says_counts_as_what_they_look_at() -> None:
    shop = Shop()
    shop.processed(did("search", text="bread pan"), did("comment", "novel", "v", text="sea atlas"))
    assert ids(shop.list_for("u"))[0] == "pan"
    assert ids(shop.list_for("v"))[:2] == ["novel", "atlas"]
    assert read_profiles(shop.store, ["u"])["u"].words == ("bread pan",)


def test_what_was_bought_is_not_offered_again_even_when_asked_for() -> None:
    shop = Shop()
    shop.processed(did("purchase", "tent"))
    assert "tent" not in ids(shop.list_for())
    assert ids(shop.list_for(candidates=("tent", "lamp"))) == ["lamp"]


def test_what_is_not_available_is_not_offered_but_is_known() -> None:
    shop = Shop()
    shop.processed(did("click", "tent"))
    shop.catalogue.apply({"tent": replace(ITEMS[2], available=False)})
    assert "tent" not in ids(shop.list_for())
    scored = shop.list_for(candidates=("tent", "lamp"))
    assert (ids(scored), scored.unknown_candidates) == (["lamp"], ())
    shop.processed(did("click", "tent", user="later"))
    assert ids(shop.list_for("later"))[0] == "lamp"


def test_what_is_yet_to_come_out_is_not_offered_before() -> None:
    shop = Shop()
    soon = Item(id="soon", title="Light tent of tomorrow", published_at=AT.replace(hour=13))
    shop.catalogue.apply({"soon": soon})
    assert "soon" not in ids(shop.list_for(context="tent"))
    assert ids(shop.list_for(candidates=("soon", "pan"))) == ["pan"]
    shop.later(hours=1)
    assert "soon" in ids(shop.list_for(context="tent"))


def test_candidates_are_ranked_and_those_unknown_are_named() -> None:
    shop = Shop()
    shop.processed(did("click", "tent"))
    scored = shop.list_for(candidates=("pan", "ghost", "lamp", "pan", "ghost"))
    assert ids(scored) == ["lamp", "pan"]
    assert scored.unknown_candidates == ("ghost",)


def test_no_candidates_at_all_is_an_empty_list() -> None:
    assert Shop().list_for(candidates=()).scores == ()


def test_an_empty_catalogue_gives_an_empty_list() -> None:
    shop = Shop(items=())
    scored = shop.list_for(context="anything", candidates=None)
    assert scored.scores == ()
    assert shop.list_for(candidates=("pan",)).unknown_candidates == ("pan",)


def test_a_list_is_as_long_as_asked_for() -> None:
    shop = Shop(k=2)
    assert len(shop.list_for().scores) == 2
    assert len(shop.list_for(k=4).scores) == 4
    assert len(shop.list_for(k=200).scores) == len(ITEMS)


def test_a_long_list_for_a_new_user_is_filled_beyond_what_is_usually_looked_at() -> None:
    shop = Shop(items=[Item(id=f"i{n}", title=f"thing {n}") for n in range(300)])
    assert len(shop.list_for(k=200).scores) == 200


def test_a_list_that_may_differ_does() -> None:
    twins = [Item(id=f"t{n}", title="Light tent for two") for n in range(5)]
    shop = Shop(items=[*ITEMS, *twins], trade_off=0.3)
    assert sum(item_id.startswith("t") for item_id in ids(shop.list_for(k=4))) < 4


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (did("click"), "item_id"),
        (did("purchase", text="words"), "item_id"),
        (did("rating", value=3), "item_id"),
        (did("rating", "pan", value=8), "from 1 to 5"),
        (did("search"), "text"),
        (did("search", text="  "), "text"),
        (did("comment", "pan"), "text"),
    ],
)
def test_an_event_that_says_nothing_is_rejected_with_what_it_lacks(event, told) -> None:
    with pytest.raises(RecordRejected, match=told):
        Shop().processed(event)


def test_an_event_from_the_future_does_not_age_all_the_rest() -> None:
    shop = Shop()
    shop.processed(did("click", "tent"), did("click", "pan", at=AT.replace(year=2999)))
    assert read_profiles(shop.store, ["u"])["u"].at == AT
    shop.processed(did("click", "tent"), did("click", "tent"))
    assert ids(shop.list_for())[0] == "tent"


def test_all_words_of_a_batch_are_embedded_in_one_call() -> None:
    shop = Shop()
    encoder = shop.catalogue.snapshot.model.encoder
    encoder.encoded.clear()
    calls = []
    encode = encoder.encode
    encoder.encode = lambda texts: calls.append(list(texts)) or encode(texts)
    shop.processed(
        did("search", text="tent"),
        did("click", "pan"),
        did("comment", "pan", "v", text="good"),
        ScoreRequest(user_id="w", context="tent"),
    )
    assert calls == [["tent", "good"]]


def test_forgetting_leaves_nothing_of_the_user() -> None:
    shop = Shop()
    shop.processed(
        did("click", "tent", "secret-user"),
        did("click", "ghost", "secret-user"),
        did("search", None, "secret-user", text="private words"),
        ScoreRequest(user_id="secret-user"),
        did("click", "pan", "other"),
    )
    assert "secret-user" in everything_in(shop.store)
    _, *rest = shop.processed(
        did("forget", None, "secret-user"), ScoreRequest(user_id="secret-user")
    )
    (asked_after,) = [
        out.message
        for out in shop.service.process(shop.batch(did("forget", None, "secret-user")))[0].messages
    ]
    shop.processed(asked_after)
    assert "secret-user" not in everything_in(shop.store)
    assert "private" not in everything_in(shop.store)
    assert read_active_users(shop.store) == ["other"]
    assert rest


def everything_in(store: MemoryResults) -> str:
    return repr(store._held)


def test_after_forgetting_a_user_begins_anew() -> None:
    shop = Shop()
    shop.processed(did("purchase", "tent"), did("forget"), did("click", "pan"))
    profile = read_profiles(shop.store, ["u"])["u"]
    assert (profile.events, profile.bought) == (1, ())
    assert [event.item_id for event in read_user_history(shop.store, "u")] == ["pan"]


def test_a_push_is_published_only_when_the_list_is_another() -> None:
    shop = Shop()
    shop.processed(did("click", "tent"))
    first = shop.pushed()
    assert first is not None
    assert (first.trigger, first.request_id) == ("push", None)
    assert shop.pushed() is None
    shop.processed(did("purchase", "lamp"))
    assert shop.pushed() is not None
    assert read_scores(shop.store, "u").trigger == "push"


def test_two_pushes_in_one_batch_publish_once() -> None:
    shop = Shop()
    push = ScoreRequest(user_id="u", trigger="push")
    _, *pushes = shop.processed(did("click", "tent"), push, push)
    assert [len(result.messages) for result in pushes] == [1, 0]


def test_nothing_is_pushed_to_whom_nothing_is_known_of() -> None:
    assert Shop().pushed("stranger") is None


def test_a_record_read_again_before_it_was_stored_leads_to_the_same() -> None:
    shop = Shop()
    shop.processed(did("click", "tent"))
    batch = shop.batch(did("click", "pan"), ScoreRequest(user_id="u"), did("click", "ghost"))
    assert shop.service.process(batch) == shop.service.process(batch)


def test_nothing_is_done_before_the_catalogue_was_read() -> None:
    shop = Shop()
    shop.read.clear()
    with pytest.raises(Unavailable, match="catalogue"):
        shop.list_for()
    shop.read.set()
    assert shop.list_for().scores


def test_an_empty_batch_leads_to_nothing() -> None:
    assert Shop().service.process([]) == []


def test_redis_away_is_told_as_such() -> None:
    shop = Shop()

    def away(keys):
        raise RedisUnavailable("away")

    shop.store.get_many = away
    with pytest.raises(RedisUnavailable):
        shop.service.process(shop.batch(did("click", "pan")))


@settings(max_examples=60)
@given(STREAMS)
def test_lists_hold_what_they_promise(messages) -> None:
    shop = Shop(trade_off=1.0)
    bought: dict[str, set[str]] = {}
    for message, result in zip(messages, shop.processed(*messages), strict=True):
        mine = bought.setdefault(message.user_id, set())
        if isinstance(message, ScoreRequest):
            scored = list_in(result)
            assert not mine & set(ids(scored))
            assert [item.rank for item in scored.scores] == list(range(1, len(scored.scores) + 1))
            assert all(0 <= item.score <= 1 for item in scored.scores)
            scores = [item.score for item in scored.scores]
            assert scores == sorted(scores, reverse=True)  # as nothing is reordered here
            assert len(set(ids(scored))) == len(scores) <= (message.k or 10)
        elif message.kind == "forget":
            mine.clear()
        elif message.kind == "purchase":
            mine.add(message.item_id)
