from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec

from tests.fuzz.pieces import PIECE, Done, by_target, pieces_of, read, try_pieces
from tests.fuzz.targets import ALL


def test_the_pieces_are_all_inputs_and_every_target_has_its_turn_before_any_has_two() -> None:
    pieces = list(pieces_of(1_000_000, seed=7))
    assert 0 <= sum(piece.inputs for piece in pieces) - 1_000_000 < len(ALL)
    assert {piece.which for piece in pieces[: len(ALL)]} == set(range(len(ALL)))
    assert max(piece.inputs for piece in pieces) == PIECE
    assert len(set(pieces)) == len(pieces)


def test_what_is_kept_is_added_up_by_target(tmp_path: Path) -> None:
    file = tmp_path / "kept.jsonl"
    first, second, *_, other = pieces_of(10, seed=7)
    done = [Done(first, 5, 2, 1.0), Done(first, 1, 0, 0.5, "it broke"), Done(second, 0, 3, 1.0)]
    file.write_bytes(b"\n".join(map(msgspec.json.encode, done)))
    tried = by_target(read(file))
    assert [(one.name, one.took_s, one.failure) for one in tried] == [
        (ALL[first.which].name, 1.5, "it broke"),
        (ALL[second.which].name, 1.0, ""),
    ]
    assert tried[0].counts == Counter({True: 6, False: 2})
    assert not any(done.piece == other for done in read(file))


def test_where_all_is_kept_nothing_is_tried_again_and_without_time_nothing_at_all(
    tmp_path: Path,
) -> None:
    file = tmp_path / "kept.jsonl"
    assert not try_pieces(file, 10, seed=7, minutes=0.0)
    assert read(file) == []
    done = [Done(piece, piece.inputs, 0, 0.0) for piece in pieces_of(10, seed=7)]
    file.write_bytes(b"\n".join(map(msgspec.json.encode, done)) + b"\n")
    assert try_pieces(file, 10, seed=7, minutes=0.0)
    assert read(file) == done
