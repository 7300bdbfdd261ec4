from __future__ import annotations

import pytest

from tests.services.recommendations.shops import AT, Shop, did, ids, profile_of
from textwire.errors import RecordRejected
from textwire.recommendations.counts.popularity import UNITS
from textwire.recommendations.keys import liked_key
from textwire.recommendations.results import read_user_history


def test_a_guest_who_signs_in_is_the_user_from_then_on() -> None:
    shop = Shop()
    shop.processed(did("click", "tent", user="guest"), did("purchase", "lamp", user="guest"))
    shop.processed(did("click", "pan"), did("identify", same_as="guest"))
    scored = shop.list_for()
    assert "lamp" not in ids(scored)
    assert "tent" in ids(scored)[:2]
    assert profile_of(shop).events == 3


def test_to_sign_in_again_changes_nothing_but_for_what_the_guest_did_since() -> None:
    shop = Shop()
    shop.processed(did("click", "tent", user="guest"), did("identify", same_as="guest"))
    once = profile_of(shop)
    shop.processed(did("identify", same_as="guest"), did("identify", same_as="guest"))
    assert profile_of(shop) == once
    shop.processed(did("click", "lamp", user="guest"), did("identify", same_as="guest"))
    assert profile_of(shop).events == once.events + 1
    assert len(read_user_history(shop.store, "u")) == 2


def test_what_a_guest_did_before_and_is_read_after_signing_in_is_the_users_too() -> None:
    shop = Shop()
    (signed_in,) = shop.processed(did("identify", same_as="guest", id="i1"))
    shop.processed(did("purchase", "lamp", user="guest"))
    (asked,) = signed_in.messages
    assert (asked.topic.name, asked.message.user_id) == ("recs.events", "guest")
    click, answer = shop.processed(did("click", "tent", user="guest"), asked.message)
    assert click.writes
    (answered,) = answer.messages
    (end,) = shop.processed(answered.message)
    assert end.messages == ()
    assert "lamp" not in ids(shop.list_for())
    assert profile_of(shop).events == 2
    assert profile_of(shop, "guest").events == 2


def test_what_a_guest_did_is_not_popular_twice() -> None:
    shop = Shop()
    shop.processed(did("click", "tent", user="guest"), did("identify", same_as="guest"))
    assert shop.store.fields(liked_key(AT)) == {"tent": b"%d" % UNITS}


def test_to_forget_a_user_is_to_forget_the_guest_they_were() -> None:
    shop = Shop()
    shop.processed(did("click", "tent", user="guest"), did("identify", same_as="guest"))
    (result,) = shop.processed(did("forget"))
    told = [(out.message.user_id, out.topic.name) for out in result.messages]
    assert told == [("u", "recs.requests"), ("guest", "recs.events")]
    assert result.messages[1].message.kind == "forget"


def test_whoever_signs_in_says_as_whom() -> None:
    with pytest.raises(RecordRejected, match="same_as"):
        Shop().processed(did("identify"))
