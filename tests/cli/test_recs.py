from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from tests.cli.answering import answering
from tests.cli.conftest import Command
from textwire.recommendations.messages import (
    BehaviourEvent,
    Item,
    Range,
    ScoredItem,
    ScoredList,
    ScoreRequest,
)
from textwire.recommendations.results import Profile, item_writes, profile_writes
from textwire.recommendations.topics import RECS_EVENTS, RECS_ITEMS, RECS_REQUESTS, RECS_SCORES
from textwire.results.redis import RedisResults
from textwire.stream.clients.reading import read_to_end
from textwire.stream.clients.sender import Sender
from textwire.wire.record import OutgoingRecord

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def results(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisResults]:
    monkeypatch.setenv("TEXTWIRE_REDIS_URL", redis_url)
    store = RedisResults.from_url(redis_url)
    yield store
    store.close()


def catalogue(textwire: Command, prefix: str) -> list[Item]:
    listed = textwire("recs", "list", "--json")
    assert listed.exit_code == 0
    items = [msgspec.json.decode(line, type=Item) for line in listed.stdout.splitlines()]
    return [item for item in items if item.id.startswith(prefix)]


def list_for(request: ScoreRequest) -> ScoredList:
    ids = request.candidates or ("pan",)
    scores = tuple(
        ScoredItem(item_id=id_, rank=rank, score=0.9 / rank, parts={"a": 1.0}, reason="New")
        for rank, id_ in enumerate(ids, start=1)
    )
    return ScoredList(
        user_id=request.user_id,
        scores=scores[: request.k],
        model="v1",
        scored_at=AT,
        request_id=request.id,
        unknown_candidates=("ghost",) if request.context else (),
    )


def refused(request: ScoreRequest) -> ScoredList:
    error = "Ask for\x1b[2J fewer."
    return msgspec.structs.replace(list_for(request), scores=(), error=error)


def responder() -> AbstractContextManager[None]:
    """A service that answers each request, after a list that was pushed to the same user."""
    return answering(RECS_REQUESTS, _answer)


def _answer(request: ScoreRequest, sender: Sender) -> None:
    if request.user_id == "silence":
        return
    made = refused(request) if request.k == 200 else list_for(request)
    pushed = msgspec.structs.replace(made, request_id=None, trigger="push")
    sender.send_all(RECS_SCORES, [pushed, made])


def test_a_table_of_items_is_loaded_and_listed(
    textwire: Command, tmp_path: Path, unique_name: str
) -> None:
    path = tmp_path / "items.csv"
    path.write_text(
        "sku,Name,price,tags,published_at,available\n"
        "1,Pan,54.9,baking;bread,2026-03-02,true\n"
        "2,Tent,,,,false\n"
        "1,Pan,54.9,baking;bread,2026-03-02,true\n"
    )
    loaded = textwire(
        *("recs", "load", path, "--id-prefix", f"{unique_name}-"),
        *("--map", "id=sku", "--map", "title=Name"),
    )
    assert loaded.exit_code == 0, loaded.output
    assert loaded.stdout == "Loaded 2 items; 1 exact repeat was left out.\n"
    assert catalogue(textwire, unique_name) == [
        Item(
            id=f"{unique_name}-1",
            title="Pan",
            price=54.9,
            tags=("baking", "bread"),
            published_at=datetime(2026, 3, 2, tzinfo=UTC),
        ),
        Item(id=f"{unique_name}-2", title="Tent", available=False),
    ]
    assert f"{unique_name}-1\tPan\t\t54.90\tbaking, bread" in textwire("recs", "list").stdout


def test_a_price_that_is_text_leaves_the_item_as_it_was(
    textwire: Command, unique_name: str
) -> None:
    good = Item(id=unique_name, title="Pan", price=79.9)
    with closing(Sender("test")) as sender:
        sender.send(RECS_ITEMS, good)
        bad = b'{"id": "x", "title": "Pan", "price": "79.90"}'
        sender.write([OutgoingRecord(RECS_ITEMS.name, unique_name.encode(), bad)])
    assert catalogue(textwire, unique_name) == [good]
    assert "`textwire dead list recs.items` has the reasons" in textwire("recs", "list").stderr
    assert textwire("recs", "remove", unique_name).stdout == "Removed 1 item.\n"
    assert catalogue(textwire, unique_name) == []


def test_one_bad_item_keeps_everything_back(
    textwire: Command, tmp_path: Path, unique_name: str
) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text('{"title": "Pan"}\n{"title": "Tent", "price": -1}\n')
    loaded = textwire("recs", "load", path, "--id-prefix", unique_name)
    assert loaded.exit_code == 1
    assert f"{path}, line 2: `price`: -1 is below 0" in loaded.stderr
    assert catalogue(textwire, unique_name) == []


def test_removed_items_are_gone_and_unknown_ones_are_told(
    textwire: Command, tmp_path: Path, unique_name: str
) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text('{"id": "a", "title": "Pan"}\n{"id": "b", "title": "Tent"}\n')
    textwire("recs", "load", path, "--id-prefix", unique_name)
    assert textwire("recs", "remove", f"{unique_name}a").stdout == "Removed 1 item.\n"
    assert [item.title for item in catalogue(textwire, unique_name)] == ["Tent"]
    again = textwire("recs", "remove", f"{unique_name}a")
    assert again.exit_code == 1
    assert "See `textwire recs list`" in again.stderr


def test_a_list_is_shown_with_scores_titles_and_reasons(textwire: Command, results) -> None:
    results.write(item_writes("tent", Item(id="tent", title="Light tent")))
    with responder():
        asked = textwire("recs", "ask", "u", "--candidates", "tent, lamp", "--context", "camping")
    assert asked.exit_code == 0, asked.output
    assert asked.stdout.splitlines() == [
        "1\t0.900\ttent\tLight tent\tNew",
        "2\t0.450\tlamp\t\tNew",
    ]
    assert asked.stderr == "Not in the catalogue: ghost\n"


def test_json_is_the_list_as_it_is_on_the_topic(textwire: Command, results) -> None:
    with responder():
        asked = textwire("recs", "ask", "u", "--k", "1", "--candidates", "a,b", "--json")
    scored = msgspec.json.decode(asked.stdout, type=ScoredList)
    assert [item.item_id for item in scored.scores] == ["a"]
    assert scored.trigger == "request"


def test_a_refused_request_says_what_to_ask_instead(textwire: Command) -> None:
    with responder():
        asked = textwire("recs", "ask", "u", "--k", "200")
        as_json = textwire("recs", "ask", "u", "--k", "200", "--json")
    assert asked.exit_code == as_json.exit_code == 1
    assert asked.stderr == as_json.stderr == "Error: Ask for\\x1b[2J fewer.\n"
    assert asked.stdout == ""
    assert msgspec.json.decode(as_json.stdout, type=ScoredList).error


def test_silence_says_what_to_look_at(textwire: Command) -> None:
    asked = textwire("recs", "ask", "silence", "--timeout", "0.5")
    assert asked.exit_code == 1
    for verb in ("textwire status", "textwire logs", "textwire dead list recs.requests"):
        assert verb in asked.stderr


@pytest.mark.parametrize("more", [("", "--k", "3"), ("u", "--k", "201"), ("u" * 201,)])
def test_what_is_no_request_is_not_sent(textwire: Command, more: tuple[str, ...]) -> None:
    asked = textwire("recs", "ask", *more)
    assert asked.exit_code == 1
    assert "This cannot be asked for: `" in asked.stderr


def test_a_profile_is_shown_for_people_and_as_json(
    textwire: Command, results, unique_name: str
) -> None:
    known = Profile(
        user_id=unique_name,
        at=AT,
        tags={"baking": 1.0, "bread": 2.0},
        bought=("pan",),
        seen={f"i{n}": float(n) for n in range(11)},
        words=("where is\nmy pan?",),
        events=1_234,
    )
    results.write(profile_writes(known))
    shown = textwire("recs", "profile", unique_name).stdout.splitlines()
    assert shown == [
        "events    1,234, the last 2026-03-02 09:30:00 UTC",
        "likes     bread, baking",
        "bought    pan",
        "looked at i10, i9, i8, i7, i6, i5, i4, i3 and 3 more",
        "said      where is my pan?",
    ]
    stored = textwire("recs", "profile", unique_name, "--json").stdout
    assert msgspec.json.decode(stored, type=Profile) == known


def test_nothing_known_is_told(textwire: Command, results, unique_name: str) -> None:
    assert "Nothing is known" in textwire("recs", "profile", unique_name).stdout


def test_forgetting_sends_the_event_and_says_what_remains(
    textwire: Command, unique_name: str
) -> None:
    told = textwire("recs", "forget", unique_name)
    assert told.exit_code == 0
    assert "recs.events 7 days" in told.stdout
    records = [r for r in read_to_end(RECS_EVENTS.name) if r.key == unique_name.encode()]
    event = msgspec.json.decode(records[-1].value, type=BehaviourEvent)
    assert event.kind == "forget"


def test_a_catalogue_is_synced_with_its_file(
    textwire: Command, tmp_path: Path, unique_name: str
) -> None:
    path = tmp_path / "items.csv"
    prefix = ("--id-prefix", f"{unique_name}-")
    path.write_text('asin,name,price,brand\n1,Pan,"€54,90",Acme\n2,Tent,,\n3,Lamp,,\n')
    first = textwire("recs", "sync", path, *prefix)
    assert first.stdout == "Synced: 3 added, 0 changed, 0 removed, 0 unchanged.\n"
    assert "`brand` kept as further fields" in first.stderr
    assert catalogue(textwire, unique_name)[0] == Item(
        id=f"{unique_name}-1", title="Pan", price=54.9, more={"brand": "Acme"}
    )
    path.write_text('asin,name,price,brand\n1,Pan,"€49,90",Acme\n2,Tent,,\n4,Boat,,\n')
    dry = textwire("recs", "sync", path, *prefix, "--dry-run")
    assert dry.stdout.startswith("Nothing was sent. A sync would have 1 added, 1 changed, 1 rem")
    assert [item.title for item in catalogue(textwire, unique_name)] == ["Pan", "Tent", "Lamp"]
    textwire("recs", "sync", path, *prefix)
    assert {item.title: item.price for item in catalogue(textwire, unique_name)} == {
        "Pan": 49.9, "Tent": None, "Boat": None,
    }  # fmt: skip


def test_a_log_with_other_names_is_replayed_as_events(
    textwire: Command, tmp_path: Path, unique_name: str
) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text(f"userId,movieId,rating,timestamp\n{unique_name},31,2.5,1260759144\n")
    sent = textwire("recs", "replay", path, "--map", "kind=:rating")
    assert sent.exit_code == 0, sent.output
    assert "`item_id` is read from `movieId`" in sent.stderr
    events = [
        msgspec.json.decode(record.value or b"", type=BehaviourEvent)
        for record in read_to_end(RECS_EVENTS.name)
        if record.key == unique_name.encode()
    ]
    at = datetime(2009, 12, 14, 2, 52, 24, tzinfo=UTC)
    assert events == [
        BehaviourEvent(user_id=unique_name, kind="rating", item_id="31", value=2.5, at=at)
    ]


def test_rows_of_guests_are_replayed_and_told(
    textwire: Command, tmp_path: Path, unique_name: str
) -> None:
    path = tmp_path / "log.csv"
    rows = [f"{unique_name},purchase,b1,", *(f",purchase,{b},{unique_name}" for b in ("b1", "b2"))]
    path.write_text("\n".join(["user_id,event,product_id,order_id", *rows]))
    sent = textwire("recs", "replay", path)
    assert sent.exit_code == 0, sent.output
    assert "2 rows without user_id are guests, by order_id." in sent.stderr
    keys = [record.key or b"" for record in read_to_end(RECS_EVENTS.name)]
    assert keys.count(f"guest:order_id:{unique_name}".encode()) == 2


def test_what_a_list_is_asked_for_with_stands_in_the_request(
    textwire: Command, unique_name: str
) -> None:
    with responder():
        asked = textwire(
            *("recs", "ask", unique_name, "--mode", "similar", "--item", "tent", "--k", "1"),
            *("--filter", "price=10..50", "--exclude", "a, b", "--exclude-seen"),
        )
    assert asked.exit_code == 0, asked.output
    (request,) = [
        msgspec.json.decode(record.value or b"", type=ScoreRequest)
        for record in read_to_end(RECS_REQUESTS.name)
        if record.key == unique_name.encode()
    ]
    assert (request.mode, request.item_id, request.exclude) == ("similar", "tent", ("a", "b"))
    assert request.filters == {"price": Range(min=10.0, max=50.0)}
    assert (request.exclude_seen, request.allow_bought) == (True, False)
