from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.wording import (
    age,
    clock_time,
    confidence_words,
    counted,
    day_time,
    fine_percent,
    full_time,
    megabytes,
    milliseconds,
    money,
    percent,
    rate,
    short_time,
    signed,
    tenths,
    time_span,
)
from tests.dashboards.page_examples import NOW


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.42, "0.4 ms"), (38.2, "38 ms"), (1_240, "1.2 s"), (42_000, "42 s"),
     (125_000, "2 min 5 s"), (11_400_000, "3 h 10 min"), (180_000_000, "2 d 2 h")],
)  # fmt: skip
def test_a_duration_has_the_unit_that_suits_it(value: float, words: str) -> None:
    assert milliseconds(value) == words


def test_a_time_names_its_zone() -> None:
    assert clock_time(NOW, ZoneInfo("Europe/Berlin")) == "13:00:00 CET"
    assert short_time(NOW, UTC) == "12:00 UTC"
    assert short_time(NOW, ZoneInfo("America/Sao_Paulo")) == "09:00 UTC-03"


@pytest.mark.parametrize(
    ("passed_s", "words"), [(0, "now"), (12, "12 s ago"), (200, "3 min ago"), (7_300, "2 h ago")]
)
def test_an_age_has_one_unit(passed_s: int, words: str) -> None:
    assert age(timedelta(seconds=passed_s)) == words


def test_small_rates_keep_their_tenths() -> None:
    assert [rate(v) for v in (0, 0.4, 12.34, 20.0, 1250.4)] == ["0", "0.4", "12.3", "20", "1,250"]


def test_only_certainty_is_a_hundred_percent() -> None:
    assert [percent(share) for share in (0, 0.925, 0.999, 1)] == ["0 %", "92 %", "99 %", "100 %"]


def test_a_count_agrees_with_its_noun() -> None:
    assert [counted(n, "source") for n in (0, 1, 2)] == ["0 sources", "1 source", "2 sources"]


def test_memory_past_a_thousand_megabytes_is_in_gigabytes() -> None:
    assert (megabytes(236.4), megabytes(1_400)) == ("236 MB", "1.4 GB")


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_confidence_never_sounds_less_sure(one: float, other: float) -> None:
    order = ["Not sure", "Not quite sure", "Quite sure", "Very sure"]
    low, high = sorted((one, other))
    assert order.index(confidence_words(low)) <= order.index(confidence_words(high))


def test_a_day_is_told_in_the_readers_zone() -> None:
    late = NOW.replace(hour=23, minute=30)
    assert day_time(late, UTC) == "Sun 1 Mar, 23:30 UTC"
    assert full_time(late, ZoneInfo("Europe/Berlin")) == "Mon 2 Mar 2026, 00:30 CET"


def test_a_span_names_its_day_once_unless_it_has_two() -> None:
    hour = timedelta(hours=1)
    assert time_span(NOW, NOW + hour, UTC) == "Sun 1 Mar, 12:00 to 13:00 UTC"
    assert time_span(NOW, NOW, UTC) == "Sun 1 Mar, 12:00 UTC"
    assert time_span(NOW, NOW + 13 * hour, UTC) == "Sun 1 Mar, 12:00 UTC to Mon 2 Mar, 01:00 UTC"


def test_a_score_has_its_sign() -> None:
    assert [signed(v) for v in (0.42, -0.066, 0.0, -0.004)] == ["+0.42", "−0.07", "0.00", "0.00"]


def test_small_numbers_keep_what_matters() -> None:
    assert [tenths(v) for v in (0, 0.04, 0.8, 1.0, 3.26, 12.3)] == [
        "0", "0.04", "0.8", "1", "3.3", "12",
    ]  # fmt: skip
    assert [fine_percent(v) for v in (0, 0.004, 0.072, 0.43)] == ["0 %", "0.4 %", "7.2 %", "43 %"]


def test_a_price_stands_after_its_currency() -> None:
    assert [money(v, "€") for v in (54.9, 22.0, 1234.5)] == ["€ 54.90", "€ 22", "€ 1,234"]


@pytest.mark.parametrize("at", [datetime.min, datetime.max])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Sao_Paulo"])
def test_the_ends_of_time_are_told_in_every_zone(at: datetime, zone: str) -> None:
    moment = at.replace(tzinfo=UTC)
    for told in (clock_time, short_time, day_time, full_time):
        assert told(moment, ZoneInfo(zone))
    assert time_span(moment, moment, ZoneInfo(zone))
