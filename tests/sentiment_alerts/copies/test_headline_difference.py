import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.sentiment_alerts.copies.headline_difference import (
    conflicts,
    headline_words,
    is_flash_of,
    tells_the_same,
)

TITLE = "Northmere halts boiler deliveries over faulty fasteners"
WORDS = st.lists(
    st.sampled_from(
        ["northmere", "cuts", "raises", "not", "up", "3", "4", "third", "profit", "the"]
    )
)


def same(one: str, other: str) -> bool:
    return tells_the_same(headline_words(one), headline_words(other))


@pytest.mark.parametrize(
    "other",
    [
        TITLE.upper(),
        f"UPDATE 1-{TITLE}",
        f"RPT-UPDATE 2-{TITLE}",
        f"CORRECTED (OFFICIAL)-{TITLE}",
        f"BREAKING: {TITLE}",
        f"{TITLE} - Reuters",
        f"{TITLE} | Yahoo Finance Australia",
        f"{TITLE} - The Wall Street Journal",
        f"{TITLE} (wire)",
        "Northmere to halt boiler deliveries over faulty fasteners",
        "Northmere halts boiler deliveries over faulty fastners",
        "Northmere halts boiler deliveries in Lund over faulty fasteners",
        "Northmere halts boiler deliveries due to faulty fasteners",
    ],
)
def test_headlines_that_were_edited_tell_the_same(other: str) -> None:
    assert same(TITLE, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("N beats estimates in third quarter", "N misses estimates in third quarter"),
        ("N profit rises in third quarter", "N profit rises in fourth quarter"),
        ("N Q3 profit rises 5% on demand", "N Q3 profit rises 7% on demand"),
        ("N wins appeal against regulator", "N loses appeal against regulator"),
        ("N recalls boilers over leaks", "S recalls boilers over leaks"),
        ("N sues S over boiler patents", "S sues N over boiler patents"),
        ("N halts boiler deliveries", "N denies halting boiler deliveries"),
        ("N shares closed up 3 points", "N shares closed down 3 points"),
        ("N costs down, spirits up today", "N costs down, spirits down today"),
        ("N upgraded at Larkfield", "N downgraded at Larkfield"),
        ("N boiler approved in EU", "N boiler approved in US"),
        ("N boiler approved in EU", "N boiler approved in U.S."),
        ("N to acquire boiler maker S", "N abandons plan to acquire boiler maker S"),
        ("Merger of N and S on", "Merger of N and S off"),
        ("N cuts its full forecast", "N cuts its full forecast again"),
        ("N may leave the islands over tax", "N will leave the islands over tax"),
        ("N leaves the islands over tax", "N could leave the islands over tax"),
        ("Fitz cuts N debt rating to BB+", "Fitz cuts N debt rating to BB"),
        ("Fitz cuts N debt rating to BBB", "Fitz cuts N debt rating to BBB-"),
        ("N wins $900 mln boiler order", "N wins 900 mln euro boiler order"),
        ("N wins £40m boiler order", "N wins $40m boiler order"),
        ("N to cut three thousand jobs in Lund", "N to cut 4,000 jobs in Lund"),
    ],
)
def test_headlines_that_differ_in_a_word_that_matters_are_two(one: str, other: str) -> None:
    assert not same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("N to lay off 7,000 workers", "N to lay off 7,000 employees"),
        ("N shares sink 20% on warning", "N stock sinks 20% on warning"),
        ("N names new finance chief", "N names new CFO"),
        ("N hit with antitrust fine in Rome", "N hit with anti-trust fine in Rome"),
        ("N labour union wins vote", "N labor union wins vote"),
        ("N Q4 profit tops estimates", "N fourth-quarter profit tops estimates"),
        ("N chief Ode to leave by year-end", "N chief executive Ode to leave by year end"),
        ("N apologises to its customers", "N apologizes to its customers"),
        ("N says its boilers 95% safe", "N boilers 95% safe, company says"),
        ("U.S. opens probe into N boilers", "US opens probe into N boilers"),
        ("N may leave the islands over tax", "N could leave the islands over tax"),
        ("N results due in May, says chief", "N results due May 3, says chief"),
        ("N wins $900 mln boiler order", "N wins 900 mln dollar boiler order"),
        ("N to cut three thousand jobs in Lund", "N to cut 3,000 jobs in Lund"),
        ("N wins €40m boiler order", "N wins 40 million euro boiler order"),
        ("N wins $900 mln boiler order", "N wins 900 mln boiler order"),
    ],
)
def test_editors_write_one_thing_in_several_words(one: str, other: str) -> None:
    assert same(one, other)


def test_units_are_written_in_several_ways() -> None:
    assert headline_words("Profit 3.1 bln, up 5 pct") == headline_words("Profit 3.1bn, up 5%")


def test_a_headline_in_capitals_keeps_what_follows_its_dash() -> None:
    title = "Cars stall \u2013 but will not be mended"
    assert headline_words(title) == headline_words(title.upper())


def test_a_flash_is_of_the_story_that_holds_all_its_words() -> None:
    flash = headline_words("NORTHMERE HALTS BOILER DELIVERIES")
    story = headline_words(TITLE)
    assert is_flash_of(flash, story, ())
    assert is_flash_of((*flash, "monday"), story, ("on", "monday")) is False  # a day is a figure
    assert is_flash_of((*flash, "sweden"), story, ("in", "sweden"))
    assert not is_flash_of((*flash, "norway"), story, ("in", "sweden"))


@given(WORDS, WORDS)
def test_what_is_told_does_not_depend_on_who_tells_first(one: list[str], other: list[str]) -> None:
    assert tells_the_same(one, other) == tells_the_same(other, one)
    assert conflicts(one, other) == conflicts(other, one)


@given(WORDS)
def test_a_headline_does_not_conflict_with_itself(words: list[str]) -> None:
    assert not conflicts(words, words)
    assert tells_the_same(words, words) == bool(words)
