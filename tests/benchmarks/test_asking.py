from __future__ import annotations

from benchmarks.asking import WORDINGS, measure_catalogue


def test_each_wording_has_its_row() -> None:
    rows = measure_catalogue(350, requests=1)
    assert [row[:2] for row in rows] == [["350", name] for name in WORDINGS]
    assert all(float(cell) > 0.0 for row in rows for cell in row[2:])
