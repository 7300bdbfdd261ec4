"""What a shop may rely on, on the service's own processor: what people do and say, and lists."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from tests.services.recommendations.shops import (
    AT,
    ITEMS,
    Shop,
    did,
    ids,
    list_in,
    profile_of,
    why_dropped,
)
from textwire.errors import RecordRejected
from textwire.recommendations.counts.co_occurrence import read_taken
from textwire.recommendations.counts.popularity import MOST_OF_ONE_USER, UNITS
from textwire.recommendations.keys import liked_key, likers_key, shown_key
from textwire.recommendations.lists.rules import Rule, Rules
from textwire.recommendations.messages import Item, Range, ScoredList, ScoreRequest
from textwire.recommendations.results import read_scores, read_user_history
from textwire.recommendations.topics import RECS_ITEMS, RECS_REQUESTS
from textwire.stream.decoding import Decoder
from textwire.stream.processor import Rejected
from textwire.stream.tables.rows import TableRows
from textwire.wire.record import Partition, Record

KNIVES = (
    *(Item(id=f"knife{n}", title=f"Chef knife {n} of steel", category="knives") for n in range(4)),
    *(Item(id=f"pot{n}", title=f"Enamel pot {n} for soup", category="pots") for n in range(4)),
)


def test_an_event_that_a_sender_repeats_counts_once() -> None:
    shop = Shop()
    click = did("click", "pan", id="same")
    shop.processed(click, click)
    shop.processed(click)
    assert profile_of(shop).events == 1
    assert len(read_user_history(shop.store, "u")) == 1
    assert shop.store.fields(liked_key(AT)) == {"pan": b"%d" % UNITS}


def test_events_without_an_id_of_their_own_are_different_ones() -> None:
    shop = Shop()
    shop.processed(did("click", "pan"), did("click", "pan"))
    assert profile_of(shop).events == 2


def test_what_is_turned_down_is_not_offered_and_what_is_like_it_is_put_down() -> None:
    for kind in ("dislike", "return", "remove_from_cart"):
        shop = Shop(KNIVES, k=8)
        before = {item.item_id: item.score for item in shop.list_for().scores}
        shop.processed(did(kind, "knife0"))
        after = {item.item_id: item.score for item in shop.list_for().scores}
        assert "knife0" not in after
        assert after["knife1"] < 0.9 * before["knife1"]
        assert after["pot1"] == pytest.approx(before["pot1"], rel=0.01)
        scored = shop.list_for(candidates=("knife0", "knife1"))
        assert (ids(scored), why_dropped(scored)) == (["knife1"], {"knife0": "disliked"})


def test_a_low_rating_turns_down_and_a_high_one_takes_it_back() -> None:
    shop = Shop(KNIVES)
    shop.processed(did("rating", "knife0", value=1))
    assert "knife0" not in ids(shop.list_for())
    shop.processed(did("click", "knife0"))
    assert "knife0" not in ids(shop.list_for())
    shop.processed(did("rating", "knife0", value=5))
    assert "knife0" in ids(shop.list_for())


def test_who_looks_again_at_what_they_turned_down_does_not_like_it_yet() -> None:
    for kinds in (("purchase", "return"), ("click", "dislike"), ("dislike", "view", "click")):
        shop = Shop(KNIVES)
        shop.processed(*(did(kind, "knife0") for kind in kinds))
        profile = profile_of(shop)
        assert (profile.trail, profile.weight, profile.events) == ({}, 0.0, len(kinds))
        assert ids(shop.list_for())[0].startswith("pot")


def test_what_was_said_for_an_item_goes_when_it_is_turned_down() -> None:
    shop = Shop(KNIVES)
    shop.processed(did("click", "knife0"))
    assert ids(shop.list_for())[0].startswith("knife")
    shop.processed(did("dislike", "knife0"))
    assert ids(shop.list_for())[0].startswith("pot")
    assert profile_of(shop).categories == {}


def test_an_item_that_is_shown_again_and_again_and_never_opened_is_put_down() -> None:
    shop = Shop(KNIVES)
    first = ids(shop.list_for())[0]
    shop.processed(*(did("impression", first) for _ in range(9)))
    assert ids(shop.list_for())[-1] == first
    shop.processed(did("click", first))
    assert ids(shop.list_for())[0] == first


def test_a_showing_is_no_liking_and_an_opened_item_is() -> None:
    shop = Shop(KNIVES)
    shop.processed(*(did("impression", "pot0") for _ in range(3)))
    assert profile_of(shop).weight == 0.0
    assert shop.store.fields(liked_key(AT)) == {}
    assert shop.store.fields(shown_key(AT)) == {"pot0": b"3"}
    shop.processed(did("view", "pot0"))
    assert ids(shop.list_for())[0] == "pot0"


def test_a_complaint_is_no_liking_and_is_never_quoted() -> None:
    shop = Shop(KNIVES)
    words = "I hate this kind of knife, it is dull and dangerous"
    shop.processed(did("comment", "knife0", text=words))
    scored = shop.list_for()
    assert [item.item_id[:3] for item in scored.scores[:4]] == ["pot"] * 4
    assert not any("You wrote" in item.reason for item in scored.scores)
    assert profile_of(shop).words == ()


def test_courtesy_says_nothing_of_taste() -> None:
    shop = Shop(KNIVES)
    said = "Great product, arrived quickly, thank you!"
    shop.processed(did("rating", "pot0", value=5), did("comment", "pot0", text=said))
    listed = shop.list_for()
    assert [item.item_id[:3] for item in listed.scores[:4]] == ["pot"] * 4
    assert profile_of(shop).words == ()


@pytest.mark.parametrize("kind", ["rating", "purchase", "share"])
def test_words_beside_stars_or_a_purchase_are_read_as_a_comments_are(kind: str) -> None:
    shop = Shop(KNIVES)
    said = "Great product, arrived quickly, thank you!"
    shop.processed(did(kind, "pot0", value=5, text=said))
    plain = Shop(KNIVES)
    plain.processed(did(kind, "pot0", value=5))
    assert ids(shop.list_for()) == ids(plain.list_for())
    assert profile_of(shop).words == ()
    assert not any("You wrote" in item.reason for item in shop.list_for().scores)


def test_a_review_with_few_stars_is_never_quoted() -> None:
    shop = Shop(KNIVES)
    words = "I hate this kind of knife, it is dull and dangerous"
    shop.processed(did("rating", "knife0", value=1, text=words))
    assert [item.item_id[:3] for item in shop.list_for().scores[:4]] == ["pot"] * 4
    assert profile_of(shop).words == ()
    # Without stars the words tell.
    other = Shop(KNIVES)
    other.processed(did("rating", "knife0", text=words))
    assert "knife0" not in ids(other.list_for(k=8))


def test_one_bot_makes_nothing_famous() -> None:
    shop = Shop(KNIVES)
    alone = ids(shop.list_for("nobody"))
    shop.processed(*(did("click", "pot3", user="bot") for _ in range(3_000)))
    counted = int(shop.store.fields(liked_key(AT))["pot3"])
    assert counted <= MOST_OF_ONE_USER * UNITS
    scored = shop.list_for("nobody")
    assert ids(scored) == alone
    assert not any("opular" in item.reason for item in scored.scores)
    taken = read_taken(shop.store)
    assert (taken.ranked, taken.known) == ((), ("pot3",))


def test_what_several_users_like_is_popular_however_much_a_bot_clicks() -> None:
    shop = Shop(KNIVES)
    shop.processed(*(did("click", "pot3", user="bot") for _ in range(300)))
    shop.processed(*(did("click", "knife2", user=f"u{n}") for n in range(9)))
    assert ids(shop.list_for("nobody"))[0] == "knife2"
    trending = shop.list_for("nobody", mode="trending")
    assert ids(trending) == ["knife2"]
    assert trending.scores[0].score == 1.0


def test_no_key_of_a_day_long_past_stays() -> None:
    shop = Shop()
    shop.processed(did("purchase", "pan", at=AT.replace(year=2012)))
    assert shop.store.fields(liked_key(AT.replace(year=2012))) == {}
    late = AT - timedelta(days=12)
    shop.processed(did("purchase", "pan", user="v", at=late))
    for where in (liked_key, likers_key):
        assert shop.store.fields(where(late)) != {}


def test_a_repeated_request_is_answered_once() -> None:
    shop = Shop()
    first, again = shop.processed(*[ScoreRequest(user_id="u", id="r1")] * 2)
    assert (len(first.messages), len(again.messages)) == (1, 0)
    (later,) = shop.processed(ScoreRequest(user_id="u", id="r1"))
    (other,) = shop.processed(ScoreRequest(user_id="v", id="r1"))
    (new,) = shop.processed(ScoreRequest(user_id="u", id="r2"))
    assert [len(one.messages) for one in (later, other, new)] == [0, 1, 1]


def test_requests_without_an_id_are_all_answered() -> None:
    results = Shop().processed(*[ScoreRequest(user_id="u")] * 2)
    assert [len(result.messages) for result in results] == [1, 1]


def test_filters_leave_what_fits() -> None:
    brand = Item(id="branded", title="Pan of a brand", price=20.0, more={"brand": "Acme"})
    shop = Shop((*ITEMS, brand))
    assert set(ids(shop.list_for(filters={"category": "BOOKS"}))) == {"novel", "atlas"}
    assert ids(shop.list_for(filters={"brand": "acme"})) == ["branded"]
    assert set(ids(shop.list_for(filters={"price": Range(max=30.0)}))) == {
        "lamp", "novel", "branded",
    }  # fmt: skip
    assert ids(shop.list_for(filters={"tags": ("baking",), "price": Range(min=50)})) == ["pan"]
    scored = shop.list_for(candidates=("pan", "novel"), filters={"category": "books"})
    assert (ids(scored), why_dropped(scored)) == (["novel"], {"pan": "filtered"})


def test_a_filter_finds_items_that_no_search_would_look_at() -> None:
    many = [Item(id=f"i{n}", title=f"Thing {n}") for n in range(400)]
    rare = Item(id="rare", title="Something", more={"brand": "Rare"})
    shop = Shop([*many, rare], nearest=5, popular=5, fresh=5)
    assert ids(shop.list_for(filters={"brand": "Rare"})) == ["rare"]


def test_what_is_excluded_seen_or_bought_is_left_out_as_asked() -> None:
    shop = Shop()
    shop.processed(did("click", "tent"), did("purchase", "pan"))
    everything = {item.id for item in ITEMS}
    assert set(ids(shop.list_for())) == everything - {"pan"}
    assert set(ids(shop.list_for(exclude=("lamp",)))) == everything - {"pan", "lamp"}
    assert set(ids(shop.list_for(exclude_seen=True))) == everything - {"pan", "tent"}
    assert set(ids(shop.list_for(allow_bought=True))) == everything


def test_candidates_that_are_not_listed_are_named_with_why() -> None:
    shop = Shop()
    shop.catalogue.apply(
        {
            "novel": replace(ITEMS[4], available=False),
            "atlas": replace(ITEMS[5], published_at=AT + timedelta(days=1)),
        }
    )
    shop.processed(did("purchase", "pan"), did("dislike", "tent"))
    asked = ("pan", "tent", "novel", "atlas", "ghost", "lamp", "basket")
    scored = shop.list_for(candidates=asked, exclude=("basket",))
    assert ids(scored) == ["lamp"]
    assert why_dropped(scored) == {
        "pan": "bought",
        "tent": "disliked",
        "novel": "sold_out",
        "atlas": "not_out_yet",
        "ghost": "unknown",
        "basket": "excluded",
    }


def test_what_is_like_an_item_comes_without_the_item() -> None:
    scored = Shop().list_for(mode="similar", item_id="tent", k=2)
    assert ids(scored)[0] == "lamp"
    assert "tent" not in ids(scored)
    assert scored.scores[0].reason == "Like Light tent for two"
    assert scored.scores[0].parts == {"likeness": scored.scores[0].score}
    books = Shop().list_for(mode="similar", item_id="tent", filters={"category": "books"})
    assert set(ids(books)) == {"novel", "atlas"}


def test_of_variants_one_is_listed_in_every_mode() -> None:
    shirts = [
        Item(id=f"polo-{size}", title=f"Polo shirt, size {size}", group="polo") for size in "SML"
    ]
    shop = Shop([*shirts, *ITEMS], rules=Rules(pin=(Rule(ids=("polo-L",)),)))
    for user in ("v", "w"):
        shop.processed(*(did("purchase", item.id, user=user) for item in (*shirts, ITEMS[2])))
    for wishes in (
        {},
        {"context": "polo shirt"},
        {"mode": "similar", "item_id": "tent"},
        {"mode": "trending"},
    ):
        listed = ids(shop.list_for(**wishes))
        assert [item_id for item_id in listed if "polo" in item_id] == ["polo-L"]
    own = Shop([*shirts, *ITEMS]).list_for(mode="similar", item_id="polo-S")
    assert not any("polo" in item_id for item_id in ids(own))


def polos_and(*others: Item) -> list[Item]:
    shirts = [
        Item(id=f"polo-{size}", title=f"Polo shirt, size {size}", group="polo") for size in "SML"
    ]
    return [*shirts, *others, *ITEMS]


def polos_in(scored: ScoredList) -> set[str]:
    return {item_id for item_id in ids(scored) if "polo" in item_id}


@pytest.mark.parametrize("wishes", [{}, {"context": "polo shirt"}, {"filters": {"group": "polo"}}])
def test_a_size_that_was_bought_brings_no_other_size(wishes: dict[str, object]) -> None:
    shop = Shop(polos_and())
    assert polos_in(shop.list_for(**wishes))
    shop.processed(did("purchase", "polo-S"))
    assert not polos_in(shop.list_for(**wishes))
    # Whoever asks for what is bought again, and others, are offered them.
    assert polos_in(shop.list_for(allow_bought=True, **wishes))
    assert polos_in(shop.list_for(user="other", **wishes))


def test_a_size_that_was_bought_is_why_the_others_are_dropped() -> None:
    shop = Shop(polos_and())
    shop.processed(did("purchase", "polo-S"))
    asked = shop.list_for(candidates=("polo-S", "polo-M", "tent"))
    assert ids(asked) == ["tent"]
    assert {d.item_id: d.why for d in asked.dropped} == {"polo-S": "bought", "polo-M": "bought"}
    similar = shop.list_for(mode="similar", item_id="tent")
    assert not polos_in(similar)


def test_who_sends_a_size_back_is_offered_another() -> None:
    shop = Shop(polos_and())
    shop.processed(did("purchase", "polo-S"))
    shop.processed(did("return", "polo-S"))
    asked = shop.list_for(candidates=("polo-S", "polo-M"))
    assert ids(asked) == ["polo-M"]
    assert [d.why for d in asked.dropped] == ["disliked"]


def test_who_wants_nothing_that_they_saw_gets_no_variant_of_it() -> None:
    shop = Shop(polos_and())
    shop.processed(did("view", "polo-S"))
    assert polos_in(shop.list_for())
    assert not polos_in(shop.list_for(exclude_seen=True))


def test_what_is_not_known_of_an_item_is_said() -> None:
    shop = Shop()
    unknown = shop.list_for(mode="similar", item_id="ghost")
    assert (unknown.scores, "ghost" in unknown.error) == ((), True)
    nothing = shop.list_for(mode="bought_together", item_id="tent")
    assert (nothing.scores, nothing.error) == ((), None)
    assert "not known yet" in nothing.notes[0]
    assert shop.list_for(mode="trending").notes
    with pytest.raises(RecordRejected, match="item_id"):
        shop.list_for(mode="similar")


def test_what_is_bought_together_is_read_from_whoever_knows_it() -> None:
    class Known:
        def beside(self, item_id, count):
            return (("lamp", 4.0), ("pan", 1.0), ("ghost", 1.0)) if item_id == "tent" else ()

    shop = Shop(together=Known())
    scored = shop.list_for(mode="bought_together", item_id="tent")
    assert [(item.item_id, item.score) for item in scored.scores] == [("lamp", 1.0), ("pan", 0.25)]
    assert scored.scores[0].reason == "Often bought with Light tent for two"


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(RecordRejected, match="price"):
        Shop().list_for(filters={"price": Range(min=2, max=1)})


def test_a_list_does_not_hang_on_who_else_asks_nor_on_its_length() -> None:
    shop = Shop(KNIVES)
    shop.processed(did("click", "pot1"))
    alone = shop.list_for(k=3)
    asked = [ScoreRequest(user_id=user, k=200) for user in ("v", "w", "u")]
    *_, longer, beside = shop.processed(*asked, ScoreRequest(user_id="u", k=3))
    assert list_in(beside).scores == alone.scores
    assert list_in(longer).scores[:3] == alone.scores


def test_rules_pin_block_and_boost() -> None:
    shop = Shop(
        rules=Rules(
            pin=(Rule(ids=("novel",)),),
            block=(Rule(where={"category": "outdoor"}),),
            boost=(Rule(where={"tags": "baking"}, by=50.0),),
        )
    )
    scored = shop.list_for()
    assert ids(scored)[0] == "novel"
    assert set(ids(scored)[1:3]) == {"pan", "basket"}
    assert not {"tent", "lamp"} & set(ids(scored))
    assert ids(shop.list_for(mode="similar", item_id="tent"))[0] == "novel"
    assert why_dropped(shop.list_for(candidates=("tent", "pan"))) == {"tent": "blocked"}


def test_a_pin_is_not_offered_to_whom_it_is_not_to_be_offered() -> None:
    shop = Shop(rules=Rules(pin=(Rule(ids=("novel",)),)))
    shop.processed(did("purchase", "novel"))
    assert "novel" not in ids(shop.list_for())


def test_a_list_is_full_however_much_is_blocked() -> None:
    many = [Item(id=f"i{n:03}", title=f"Thing {n}", published_at=AT) for n in range(100)]
    other = [Item(id=f"o{n}", title="Other", published_at=AT.replace(year=2020)) for n in range(5)]
    blocking = Rules(block=(Rule(where={"title": tuple(item.title for item in many)}),))
    shop = Shop([*many, *other], nearest=5, popular=5, fresh=20, rules=blocking)
    assert sorted(ids(shop.list_for(k=5))) == ["o0", "o1", "o2", "o3", "o4"]


def test_stock_and_price_are_honoured_at_once() -> None:
    shop = Shop()
    cheap = {"price": Range(max=40.0)}
    assert "pan" not in ids(shop.list_for(filters=cheap))
    shop.catalogue.apply({"pan": replace(ITEMS[0], price=30.0)})
    assert "pan" in ids(shop.list_for(filters=cheap))
    shop.catalogue.apply({"pan": replace(ITEMS[0], price=30.0, stock=0)})
    assert "pan" not in ids(shop.list_for())


def test_all_that_is_remembered_of_lists_goes_when_a_user_is_forgotten() -> None:
    shop = Shop()
    shop.processed(did("click", "tent"))
    first = shop.list_for(id="r1", k=2, offset=0)
    shop.list_for()
    shop.processed(did("forget"))
    assert read_scores(shop.store, "u") is None
    assert profile_of(shop) is None
    assert shop.list_for(k=2, offset=2, list_id=first.list_id).error


def follow(shop: Shop, *records: tuple[str, object]) -> list[str]:
    """Records of the catalogue's topic as the service reads them; why some were not taken."""
    rows = TableRows(RECS_ITEMS)
    read, rejected = rows.read(
        [
            Record(
                Partition("recs.items", 0),
                offset,
                key.encode(),
                None if value is None else msgspec.json.encode(value),
            )
            for offset, (key, value) in enumerate(records)
        ]
    )
    shop.catalogue.apply({row.key: row.message for row in read})
    return [str(one.error) for one in rejected]


def test_a_malformed_update_of_an_item_changes_nothing_and_names_the_field() -> None:
    shop = Shop(())
    good = {"id": "A", "title": "Chef knife", "price": 79.9}
    (reason,) = follow(shop, ("A", good), ("A", {**good, "price": "79.90"}))
    assert "price" in reason
    assert shop.catalogue.snapshot.index.item("A") == Item(**good)
    assert ids(shop.list_for()) == ["A"]


def test_an_item_whose_key_differs_from_its_id_goes_with_its_key() -> None:
    shop = Shop(())
    follow(shop, ("K1", {"id": "V1", "title": "Kettle"}), ("K2", {"id": "V2", "title": "Pot"}))
    assert set(ids(shop.list_for())) == {"K1", "K2"}
    shop.catalogue.apply({"K1": None})
    assert ids(shop.list_for()) == ["K2"]


@pytest.mark.parametrize(
    ("wishes", "limit"),
    [({"k": 201}, "from 1 to 200"), ({"candidates": ["i"] * 1_001}, "at most 1,000")],
)
def test_a_request_beyond_a_limit_is_answered_with_the_limit(wishes, limit) -> None:
    shop = Shop()
    value = msgspec.json.encode({"user_id": "u1", "id": "r1", **wishes})
    record = Record(Partition("recs.requests", 0), 7, b"u1", value)
    with pytest.raises(RecordRejected) as caught:
        Decoder((RECS_REQUESTS,), 1_000_000).decode(record)
    refused = list_in(shop.service.refuse(Rejected(record, caught.value)))
    assert (refused.scores, refused.request_id) == ((), "r1")
    assert limit in (refused.error or "")


def test_further_fields_of_a_record_can_be_filtered_by() -> None:
    shop = Shop(())
    follow(
        shop,
        ("a", {"id": "a", "title": "Pan", "brand": "Acme", "rating": 4.5}),
        ("b", {"id": "b", "title": "Pan", "brand": "Other", "rating": 3}),
    )
    assert ids(shop.list_for(filters={"rating": Range(min=4)})) == ["a"]


def test_a_filter_that_no_item_fits_is_named_where_the_list_is_empty() -> None:
    kitchen = [Item(id="pan", title="Pan", category="Kitchen")]
    shop = Shop([*kitchen, Item(id="saw", title="Saw", category="Tools")])
    unknown = shop.list_for(filters={"colour": "red", "category": "kitchen"})
    assert unknown.scores == ()
    assert unknown.notes == ("No item has what is asked of `colour`.",)
    together = shop.list_for(filters={"category": "Kitchen", "id": "saw"})
    assert together.notes == ("No item has what is asked of all filters together.",)
    assert shop.list_for(filters={"category": "Kitchen"}).notes == ()


def test_an_empty_list_says_why_it_is_empty() -> None:
    shop = Shop()
    assert "`why_not`" in shop.list_for(exclude=tuple(item.id for item in ITEMS)).notes[0]
    assert "Leave it out" in shop.list_for(candidates=()).notes[0]


def test_a_range_that_no_number_is_in_is_refused_with_what_to_send() -> None:
    with pytest.raises(RecordRejected, match="from 9 to 3, which no number is"):
        Shop().list_for(filters={"price": Range(min=9.0, max=3.0)})
