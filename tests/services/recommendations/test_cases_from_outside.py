"""Every case that was found from outside, through the code that serves; where its file is there.

`../shared/cases/recommendations.jsonl` is no part of the repository: each of its kinds is tested
beside this with values of our own, and here with those that were found. The environment variable
`TEXTWIRE_CASES` names another folder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from tests.recommendations.test_files_of_shops import read
from tests.services.recommendations.shops import (
    AT,
    Shop,
    did,
    ids,
    list_in,
    profile_of,
)
from tests.services.recommendations.test_asking_in_words import FITS, GLOVES, OTHERS, of_purchases
from tests.services.recommendations.test_contract import KNIVES, follow
from textwire.errors import RecordRejected
from textwire.recommendations.keys import liked_key
from textwire.recommendations.messages import BehaviourEvent, Item, ScoreRequest
from textwire.recommendations.ranking.diversity import diversified
from textwire.recommendations.topics import RECS_REQUESTS
from textwire.stream.decoding import Decoder
from textwire.stream.processor import Rejected
from textwire.wire.record import Partition, Record

Case = Mapping[str, Any]
ROOT = Path(__file__).resolve().parents[3]
FOLDER = Path(os.environ.get("TEXTWIRE_CASES") or ROOT.parent / "shared" / "cases")
FILE = FOLDER / "recommendations.jsonl"
NO_FILE = f"{FILE} is not there; it is no part of the repository"
MET: dict[str, Callable[[Case, Path], None]] = {}


def meets(kind: str) -> Callable[[Callable[[Case, Path], None]], Callable[[Case, Path], None]]:
    """Which kind of case a function puts to the service, and judges."""

    def named(judge: Callable[[Case, Path], None]) -> Callable[[Case, Path], None]:
        MET[kind] = judge
        return judge

    return named


def cases() -> list[Any]:
    if not FILE.exists():
        return [pytest.param({}, id="absent", marks=pytest.mark.skip(reason=NO_FILE))]
    lines = FILE.read_text(encoding="utf-8").splitlines()
    found = [msgspec.json.decode(line) for line in lines if line.strip()]
    return [pytest.param(one, id=f"{one['id']}-{one['kind']}".replace(" ", "-")) for one in found]


def events(case: Case) -> list[BehaviourEvent]:
    return msgspec.convert(case["events"], list[BehaviourEvent])


def requests(case: Case) -> list[ScoreRequest]:
    return msgspec.convert(case["requests"], list[ScoreRequest])


def called(item_id: str, title: str, *others: Item) -> Shop:
    return Shop((Item(id=item_id, title=title), *others))


@pytest.mark.parametrize("case", cases())
def test_a_case_from_outside_is_met(case: Case, tmp_path: Path) -> None:
    assert case["kind"] in MET, f"no way is known here to try {case['kind']!r}: add it to this file"
    MET[case["kind"]](case, tmp_path)


@meets("repeated event")
def _(case: Case, _folder: Path) -> None:
    shop = called("A", "Kettle")
    shop.processed(*events(case))
    assert profile_of(shop, "u1").events == 1


@meets("malformed update of an item")
def _(case: Case, _folder: Path) -> None:
    shop = Shop(())
    reasons = follow(shop, *((one["id"], one) for one in case["items"]))
    assert shop.catalogue.snapshot.index.item("A") == Item(**case["items"][0])
    assert [("price" in reason) for reason in reasons] == [True]


@meets("key differs from id")
def _(case: Case, _folder: Path) -> None:
    shop = Shop(())
    (item,) = case["items"]
    follow(shop, (item["_key"], {name: said for name, said in item.items() if name != "_key"}))
    assert len(ids(shop.list_for())) == 1
    shop.catalogue.apply({item["_key"]: None})
    assert ids(shop.list_for()) == []


@meets("a list does not depend on its batch")
def _(case: Case, _folder: Path) -> None:
    shop = Shop(KNIVES)
    first, *others = requests(case)
    (alone,) = Shop(KNIVES).processed(first)
    beside, *rest = shop.processed(first, *others)
    assert list_in(beside).scores == list_in(alone).scores
    assert all(ids(list_in(one))[:1] == ids(list_in(alone))[:1] for one in rest)
    longer = shop.list_for(first.user_id, k=200)
    assert longer.scores[: first.k] == list_in(alone).scores


@meets("courtesy says nothing of taste")
def _(case: Case, _folder: Path) -> None:
    near = (Item(id=f"near{n}", title=f"Filament for printers, colour {n}") for n in range(3))
    shop = called("filament", "Filament for printers", *near, *KNIVES)
    shop.processed(*events(case))
    listed = shop.list_for("u1", k=11)
    assert all(not one.startswith(("knife", "pot")) for one in ids(listed)[:3])
    assert profile_of(shop, "u1").words == ()


@meets("a complaint is no liking")
def _(case: Case, _folder: Path) -> None:
    shop = called("knife", "Chef knife of steel", *KNIVES)
    before = shop.list_for("other", k=9)
    shop.processed(*events(case))
    after = shop.list_for("u1", k=9)
    was = {one.item_id: one.score for one in before.scores}
    knives = [one for one in after.scores if one.item_id.startswith("knife")]
    assert all(one.score <= was[one.item_id] + 1e-6 for one in knives)
    said = str(case["events"][0]["text"])
    assert not any(said[:20] in one.reason or "You wrote" in one.reason for one in after.scores)


@meets("negative signals")
def _(case: Case, _folder: Path) -> None:
    shop = called("A", "Chef knife of steel", *KNIVES)
    before = {one.item_id: one.score for one in shop.list_for("u1", k=9).scores}
    shop.processed(*events(case))
    after = {one.item_id: one.score for one in shop.list_for("u1", k=9).scores}
    assert profile_of(shop, "u1").events == len(case["events"])
    assert "A" not in after
    assert after["knife1"] < before["knife1"]


@meets("one bot")
def _(_case: Case, _folder: Path) -> None:
    shop = called("A", "Enamel pot for soup", *KNIVES)
    alone = ids(shop.list_for("nobody"))
    shop.processed(*(did("click", "A", user="bot") for _ in range(3_000)))
    scored = shop.list_for("nobody")
    assert ids(scored) == alone
    assert not any("opular" in one.reason for one in scored.scores)


@meets("variants")
def _(case: Case, _folder: Path) -> None:
    sizes = msgspec.convert(case["items"], tuple[Item, ...])
    listed = ids(Shop((*sizes, *KNIVES)).list_for(k=10))
    assert len({size.id for size in sizes} & set(listed)) == 1


@meets("context on a log of purchases alone")
def _(case: Case, _folder: Path) -> None:
    shop = Shop([*OTHERS, *GLOVES], load=of_purchases)
    for user in range(20):
        shop.processed(*(did("purchase", one, user=f"o{user}") for one in ("drill0", "saw0")))
    (result,) = shop.processed(msgspec.convert(case["request"], ScoreRequest))
    gloves = {item.id for item in GLOVES}
    assert set(ids(list_in(result))[: len(gloves)]) == gloves
    fits = {one.item_id for one in list_in(result).scores if FITS in one.reason}
    assert fits <= gloves


@meets("context in a language the base cannot read")
def _(case: Case, _folder: Path) -> None:
    shop = Shop()
    for result in shop.processed(*requests(case)):
        assert list_in(result).unread_context


@meets("limits")
def _(case: Case, _folder: Path) -> None:
    shop = Shop()
    for fields in case["requests"]:
        record = Record(Partition("recs.requests", 0), 7, b"u1", msgspec.json.encode(fields))
        with pytest.raises(RecordRejected) as caught:
            Decoder((RECS_REQUESTS,), 1_000_000).decode(record)
        refused = list_in(shop.service.refuse(Rejected(record, caught.value)))
        assert refused.scores == ()
        assert refused.error


@meets("repeated request")
def _(case: Case, _folder: Path) -> None:
    results = Shop().processed(*requests(case))
    assert [len(result.messages) for result in results] == [1, 0]


@meets("a contextual list is not the home page")
def _(_case: Case, _folder: Path) -> None:
    shop = Shop()
    shop.processed(did("click", "tent", user="u1"))
    assert shop.pushed("u1") is not None
    assert ids(shop.list_for("u1", context="a novel", k=3)) != []
    assert shop.pushed("u1") is None


@meets("catalogue with other names")
def _(case: Case, folder: Path) -> None:
    kettle, toaster = read(folder, Item, case["file"])
    assert (kettle.id, kettle.price, kettle.tags) == ("A1", 39.9, ("kitchen", "steel"))
    assert (toaster.id, toaster.price, toaster.tags) == ("A2", None, ("kitchen",))
    assert not kettle.more
    assert not toaster.more


@meets("days long past")
def _(case: Case, _folder: Path) -> None:
    shop = called("A", "Kettle")
    shop.processed(*events(case))
    assert shop.store.fields(liked_key(AT.replace(year=2012, month=3, day=1))) == {}


@meets("diversity has a floor")
def _(case: Case, _folder: Path) -> None:
    scores = np.array(case["scores"], dtype=np.float32)
    alike = np.array([[1, 0], [1, 0], [1, 0], [0, 1]], dtype=np.float32)
    assert diversified(scores, alike, 4, trade_off=0.0) == [0, 1, 2, 3]
