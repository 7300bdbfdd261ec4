from __future__ import annotations

from hypothesis import given, settings

from tests.services.recommendations.shops import (
    Shop,
    did,
    ids,
    list_in,
)
from tests.services.recommendations.streams import STREAMS
from textwire.recommendations.messages import ScoreRequest
from textwire.recommendations.results import (
    read_profiles,
    read_user_history,
)
from textwire.results.memory import MemoryResults
from textwire.results.writes import Put


def test_a_request_sees_the_events_before_it_in_the_batch_and_none_after_it() -> None:
    shop = Shop()
    batch = (
        did("click", "tent"),
        ScoreRequest(user_id="u"),
        did("purchase", "lamp"),
        ScoreRequest(user_id="u"),
    )
    _, first, _, then = shop.processed(*batch)
    assert ids(list_in(first))[:2] == ["tent", "lamp"]
    assert "lamp" not in ids(list_in(then))


@settings(max_examples=40)
@given(STREAMS)
def test_a_batch_equals_its_messages_one_after_the_other(messages) -> None:
    together, single = Shop(like_now=False), Shop(like_now=False)
    in_batch = together.processed(*messages)
    one_by_one = [result for message in messages for result in single.processed(message)]
    assert [[out.message for out in result.messages] for result in in_batch] == [
        [out.message for out in result.messages] for result in one_by_one
    ]
    for user in "abc":
        assert read_profiles(together.store, [user]) == read_profiles(single.store, [user])
        assert read_user_history(together.store, user) == read_user_history(single.store, user)


def test_what_is_taken_together_is_read_once_for_all_requests_of_a_batch() -> None:
    class Counting(MemoryResults):
        reads = 0

        def fields_many(self, keys):
            self.reads += 1
            return super().fields_many(keys)

    store = Counting()
    shop = Shop(store=store)
    shop.processed(*(did("purchase", "tent", user) for user in "abc"))
    store.reads = 0
    shop.processed(*(ScoreRequest(user_id=user) for user in "abc"))
    assert store.reads == 1


def test_a_request_that_a_sender_repeats_is_answered_once_and_others_each_time() -> None:
    shop = Shop()
    repeated, nameless = ScoreRequest(user_id="u", id="r1"), ScoreRequest(user_id="u")
    results = shop.processed(repeated, nameless, repeated, nameless)
    assert [len(result.messages) for result in results] == [1, 1, 0, 1]
    assert shop.processed(repeated)[0].messages == ()


def test_what_a_batch_leaves_of_a_user_is_written_with_the_last_of_their_events() -> None:
    shop = Shop()
    results = shop.processed(
        did("click", "tent"), did("click", "pan"), did("click", "tent", user="v")
    )
    holding = [
        [write for write in result.writes if isinstance(write, Put) and "profile" in write.key]
        for result in results
    ]
    assert [len(profiles) for profiles in holding] == [0, 1, 1]


def test_who_is_forgotten_in_a_batch_begins_anew_in_it() -> None:
    shop = Shop()
    shop.processed(did("click", "tent"), did("forget"), did("click", "pan"))
    (profile,) = read_profiles(shop.store, ["u"]).values()
    assert (set(profile.seen), profile.events) == ({"pan"}, 1)
    assert [event.item_id for event in read_user_history(shop.store, "u")] == ["pan"]
