from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.article_scorers import Newsroom, article, at, burst, quiet_day
from textwire.sentiment_alerts.alert_engine.incidents import (
    KEPT,
    MOST_OPEN,
    TOGETHER_MS,
    Cause,
    Incident,
    join,
)
from textwire.sentiment_alerts.alert_rules import AlertRules, EventRule

BANKS = ("Norvik Bank hit by Zeltra ransomware", "Zeltra ransomware stops Halden Bank's tills")


def cause(title: str, *, company: str = "", story: str = "", topic: str = "banks") -> Cause:
    """What an alert on a company was raised by."""
    return Cause.of([], [story], topic, [title], [company])


def test_alerts_on_one_story_are_one_incident() -> None:
    incidents: list[Incident] = []
    one = join(incidents, "a", cause("Dock closed", story="s1", topic="labour"), 0)
    other = join(incidents, "b", cause("Wages row", story="s1", topic="markets"), 5)
    assert one == other


def test_companies_with_one_topic_and_the_same_words_are_one_incident() -> None:
    incidents: list[Incident] = []
    one = join(incidents, "a", cause(BANKS[0], company="Norvik Bank"), 0)
    other = join(incidents, "b", cause(BANKS[1], company="Halden Bank"), 5)
    assert one == other


def test_the_same_words_about_another_topic_are_another_incident() -> None:
    incidents: list[Incident] = []
    one = join(incidents, "a", cause(BANKS[0], company="Norvik Bank"), 0)
    assert join(incidents, "b", cause(BANKS[1], company="Halden Bank", topic="sport"), 5) != one


def test_a_topic_alone_makes_no_incident() -> None:
    incidents: list[Incident] = []
    one = join(incidents, "a", cause("Norvik fires auditor", company="Norvik"), 0)
    assert join(incidents, "b", cause("Halden loses licence", company="Halden"), 5) != one


def test_everyday_words_and_names_of_the_companies_are_no_telling_words() -> None:
    assert set(cause(BANKS[0], company="Norvik Bank").words) == {"zeltra", "ransomwar"}


def test_what_comes_hours_later_is_another_incident() -> None:
    incidents: list[Incident] = []
    one = join(incidents, "a", cause("Dock closed", story="s1"), 0)
    assert join(incidents, "b", cause("Dock closed", story="s1"), TOGETHER_MS + 1) != one
    assert len(incidents) == 2


@given(st.lists(st.tuples(st.integers(0, 10**8), st.sampled_from("stuv")), max_size=80))
def test_what_is_remembered_is_bounded(raised: list[tuple[int, str]]) -> None:
    incidents: list[Incident] = []
    for number, (at_ms, story) in enumerate(sorted(raised)):
        many = [f"{story}{number}{n}" for n in range(30)]
        join(incidents, f"a{number}", Cause(tuple(many), (story,), "t", tuple(many)), at_ms)
    assert len(incidents) <= MOST_OPEN + 1
    assert all(len(one.articles) <= KEPT and len(one.words) <= KEPT for one in incidents)


def test_two_companies_that_one_article_names_alarm_as_one_incident() -> None:
    rules = AlertRules(event=(EventRule(name="strike", phrases=("strike",)),))
    title = "Northmere and Solvanta strike shuts plants"
    room = Newsroom(alert_rules=rules).read([*quiet_day(hours=9), article(500, at(9, 7), title)])
    first, second = room.alerts
    assert first.entity != second.entity
    assert first.incident_id == second.incident_id
    assert first.story_ids == second.story_ids != ()


def test_an_alert_keeps_its_incident_for_all_of_its_life() -> None:
    room = Newsroom(batch=1).read([*quiet_day(hours=10), *burst(at(10, 7)), *quiet_day(900, 6, 11)])
    assert len(room.announced) > 2
    assert len({alert.incident_id for alert in room.announced}) == 1
    assert None not in {alert.incident_id for alert in room.announced}
