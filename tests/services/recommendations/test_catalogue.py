from __future__ import annotations

from datetime import timedelta
from threading import Thread

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.services.recommendations.shops import (
    AT,
    ITEMS,
    Salted,
    artifact,
    catalogue,
    load_weighing,
)
from tests.stream.made import record
from textwire.errors import ArtifactError, Unavailable
from textwire.recommendations.catalogue.item_index import KEPT_NEWEST, ItemIndex
from textwire.recommendations.messages import Item
from textwire.recommendations.results import read_items
from textwire.results.memory import MemoryResults
from textwire.stream.tables.applying import RowApplier
from textwire.stream.tables.rows import Row


def known(made) -> dict[str, Item]:
    index = made.snapshot.index
    return {item_id: index.items[number] for item_id, number in index.numbers.items()}


def many(count: int) -> list[Item]:
    return [Item(id=f"i{n}", title=f"thing {n}") for n in range(count)]


def test_items_are_put_replaced_and_removed() -> None:
    made = catalogue()
    dearer = replace(ITEMS[0], price=99.0)
    made.apply({"pan": dearer, "tent": None, "ghost": None})
    assert known(made) == {i.id: i for i in ITEMS if i.id != "tent"} | {"pan": dearer}
    assert len(made.snapshot.index.on_sale) == len(ITEMS) - 1


def test_a_reader_keeps_the_shelf_that_it_took() -> None:
    made = catalogue()
    snapshot = made.snapshot
    made.apply({"tent": None, "new": Item(id="new", title="new")})
    assert "tent" in snapshot.index
    assert "new" not in snapshot.index
    assert len(snapshot.index.vectors_of(["tent", "pan"])) == 2


def test_an_item_that_breaks_the_encoder_costs_itself_alone() -> None:
    class Breaking(Salted):
        def encode(self, texts):
            if any("poison" in text for text in texts):
                raise ValueError("cannot be embedded")
            return super().encode(texts)

    store = MemoryResults()
    made = catalogue(
        ITEMS, store, lambda model: load_weighing(model)._replace(encoder=Breaking("b"))
    )
    said = [
        Item(id="new", title="new"),
        replace(ITEMS[0], title="poison"),
        replace(ITEMS[1], price=1.0),
    ]
    rows = [Row(item.id, item, record(offset)) for offset, item in enumerate(said)]
    [rejected] = RowApplier(made.apply).apply(rows)
    assert rejected.message == said[1]
    assert known(made) == {item.id: item for item in (*ITEMS, said[0], said[2])}
    assert read_items(store, list(known(made))) == known(made)


def test_an_item_with_a_title_alone_has_a_vector() -> None:
    made = catalogue([Item(id="bare", title="bare")])
    assert np.linalg.norm(made.snapshot.index.vectors_of(["bare"])) == pytest.approx(1, abs=1e-3)


def test_a_text_is_embedded_once_and_a_new_price_not_at_all() -> None:
    store = MemoryResults()
    first = catalogue(ITEMS, store)
    first.apply({"pan": replace(ITEMS[0], price=1.0)})
    second = catalogue(ITEMS, store)
    of_items = [item.text for item in ITEMS]
    assert [t for t in first.snapshot.model.encoder.encoded if t in of_items] == of_items
    assert not set(of_items) & set(second.snapshot.model.encoder.encoded)


def test_pages_find_the_items() -> None:
    store = MemoryResults()
    made = catalogue(ITEMS, store)
    made.apply({"tent": None})
    assert read_items(store, ["pan", "tent"]) == {"pan": ITEMS[0]}


def test_what_is_withdrawn_is_found_by_id_alone() -> None:
    made = catalogue([*ITEMS[:2], replace(ITEMS[2], available=False)])
    index = made.snapshot.index
    vectors = index.vectors_of(["tent", "pan", "tent"])
    assert np.allclose(vectors[0], vectors[2])
    assert {item.id for item in index.nearest(vectors[:1], 9)[0]} == {"pan", "basket"}
    assert "tent" not in [item.id for item in index.fresh(9, AT)]


def test_many_items_are_live_before_all_are_embedded() -> None:
    made = catalogue([])
    seen: list[int] = []

    class Watching(Salted):
        def encode(self, texts):
            seen.append(len(made.snapshot.index))
            return super().encode(texts)

    made._load_model = lambda model: load_weighing(model)._replace(encoder=Watching("w"))
    made.use(artifact("w"))
    made.apply({item.id: item for item in many(500)})
    assert seen[0] == 0
    assert seen == sorted(seen)
    assert 0 < seen[-1] < 500
    assert len(made.snapshot.index) == 500


def test_being_told_to_stop_ends_a_long_load_after_the_chunk_in_hand() -> None:
    made = catalogue([])

    class Stopping(Salted):
        def encode(self, texts):
            made.stop()
            return super().encode(texts)

    made._load_model = lambda model: load_weighing(model)._replace(encoder=Stopping("s"))
    made.use(artifact("s"))
    made._stopping.clear()
    with pytest.raises(Unavailable, match="stopping"):
        made.apply({item.id: item for item in many(500)})
    assert 0 < len(made.snapshot.index) < 500


def test_a_new_model_takes_all_items_and_what_changed_meanwhile() -> None:
    made = catalogue(many(300))

    def load_while_items_change(model):
        changed = Thread(target=made.apply, args=({"i0": None, "pan": ITEMS[0]},))
        changed.start()
        changed.join()
        return load_weighing(model)

    made._load_model = load_while_items_change
    made.use(artifact("v2"))
    assert made.snapshot.model.version == "v2"
    assert set(known(made)) == {f"i{n}" for n in range(1, 300)} | {"pan"}


def test_a_model_that_cannot_be_used_changes_nothing() -> None:
    made = catalogue()
    before = made.snapshot

    def refuse(model):
        raise ArtifactError("no")

    made._load_model = refuse
    with pytest.raises(ArtifactError):
        made.use(artifact("v2"))
    assert made.snapshot is before


AGES = st.none() | st.integers(0, 40)
STEPS = st.lists(
    st.tuples(
        st.dictionaries(st.integers(0, 260), st.tuples(AGES, st.booleans()), max_size=130),
        st.sets(st.integers(0, 260), max_size=60),
    ),
    max_size=8,
)


@settings(max_examples=40)
@given(STEPS)
def test_the_newest_are_the_newest_after_any_changes(steps) -> None:
    index = ItemIndex.empty(2)
    for put, removed in steps:
        items = [
            Item(
                id=str(n),
                title="x",
                available=on_sale,
                published_at=None if days is None else AT - timedelta(days=days),
            )
            for n, (days, on_sale) in put.items()
        ]
        vectors = np.tile(np.array([1, 0], dtype=np.float32), (len(items), 1))
        index = index.changed(items, vectors, [str(n) for n in removed])
    dated = [
        (item.published_at.timestamp() if item.published_at else float("-inf"), number)
        for number, item in index.items.items()
        if item.available
    ]
    expected = [number for _, number in sorted(dated, reverse=True)[:KEPT_NEWEST]]
    assert list(index.newest) == expected
