"""The beginning of an answer that is being worded, for whoever watches.

It is on its way and no more. It stands under a key of its own for a short while, so that whenever
it is written, late or twice, the answer stays as it is; and nobody looks at it who has the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from textwire.results.keys import key
from textwire.results.reading import read_table, read_tables
from textwire.results.store import ResultStore
from textwire.results.writes import Put, SetField, Write

# There while anything is being worded: who follows many sessions asks for one key until then.
UNDER_WAY_KEY = key("support", "wording")
UNDER_WAY = b"1"


class AnswerPart(msgspec.Struct, frozen=True, kw_only=True):
    """Whole sentences with which the answer to a question will begin; a later part has more."""

    question_id: str
    session_id: str
    text: str


def part_writes(parts: Iterable[AnswerPart], kept_s: int) -> list[Write]:
    """What shows parts. Args: kept_s: how long, where no answer comes."""
    writes: list[Write] = [
        SetField(
            part_key(part.session_id), part.question_id, msgspec.json.encode(part), ttl_s=kept_s
        )
        for part in parts
    ]
    return [*writes, Put(UNDER_WAY_KEY, UNDER_WAY, ttl_s=kept_s)] if writes else []


def part_over(session_id: str, question_id: str) -> Write:
    """What lets go of a question's part, together with the answer to it."""
    return SetField(part_key(session_id), question_id, None)


def read_parts(store: ResultStore, session_id: str) -> dict[str, AnswerPart]:
    """The parts that stand for a session, by question."""
    return read_table(store, part_key(session_id), AnswerPart)


def read_parts_of(store: ResultStore, session_ids: Sequence[str]) -> list[AnswerPart]:
    """The parts that stand for any of these sessions; one small question where nothing does."""
    if store.get(UNDER_WAY_KEY) is None:
        return []
    tables = read_tables(store, {one: part_key(one) for one in session_ids}, AnswerPart)
    return [part for table in tables.values() for part in table.values()]


def part_key(session_id: str) -> str:
    """Where a session's parts stand, by question."""
    return key("support", "wording", session_id)
