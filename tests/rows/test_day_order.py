from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from textwire.recommendations.messages import BehaviourEvent
from textwire.rows.cells import Cells
from textwire.rows.columns import Columns
from textwire.rows.csv import read_csv
from textwire.rows.day_order import with_days_told
from textwire.rows.row import BadRow, Reading, Row


def days(*written: str) -> tuple[list[str], list[str]]:
    """The days as they are passed on, or what is wrong with them; and what was told."""
    told: list[str] = []
    rows = (Cells(line, (day, "x")) for line, day in enumerate(written, start=2))
    read = list(with_days_told(rows, ("when", "what"), [0], told.append))
    return [row.wrong or row.cells[0] for row in read], told


def test_a_day_that_can_be_read_in_one_way_tells_how_those_before_and_behind_it_are_read() -> None:
    read, told = days("05/06/2026 09:30", "28/09/2026", "1/2/2026 3:15 PM", "2026-03-04")
    assert read == ["5.6.2026 09:30", "28.9.2026", "1.2.2026 3:15 PM", "2026-03-04"]
    assert told == ["`when` has the day first, as in `28/09/2026`"]


def test_the_month_may_stand_first() -> None:
    assert days("05/06/2026", "09/28/2026")[0] == ["6.5.2026", "28.9.2026"]


def test_where_nothing_tells_days_stay_as_they_are() -> None:
    assert days("05/06/2026", "07/08/2026", "soon") == (["05/06/2026", "07/08/2026", "soon"], [])


def test_a_row_that_says_the_opposite_is_wrong() -> None:
    read, _ = days("28/09/2026", "09/28/2026", "05/06/2026")
    assert read[1] == "`when`: '09/28/2026' cannot have the day first, as '28/09/2026' has"
    assert read[2] == "5.6.2026"


def test_a_shops_log_of_days_that_may_be_two_is_read(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("date,user,sku,event\n01/10/2026 00:22,u,s,view\n13/10/2026,u,s,view\n")
    told: list[str] = []
    rows = list(read_csv(log, Columns(BehaviourEvent), Reading(tell=told.append)))
    assert [row.fields["at"] for row in rows if isinstance(row, Row)] == [
        "1.10.2026 00:22",
        "13.10.2026",
    ]
    assert any("has the day first" in one for one in told)
    assert not [row for row in rows if isinstance(row, BadRow)]


@given(st.lists(st.sampled_from(["01/02/2026", "30/01/2026", "01/30/2026", "x", "", "2026-01-01"])))
def test_every_row_is_passed_on_in_its_order(written: list[str]) -> None:
    rows = [Cells(line, (day,)) for line, day in enumerate(written)]
    read = list(with_days_told(iter(rows), ("when",), [0], lambda _: None))
    assert [row.line for row in read] == list(range(len(written)))
