"""Which articles are events, by phrase, topic and company, and the file that says so."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from tests.dashboards.sentiment_alerts.examples import article
from textwire.errors import SettingsError
from textwire.sentiment_alerts.alert_rules import (
    AlertRules,
    EventRule,
    default_rules_path,
    read_alert_rules,
)
from textwire.sentiment_alerts.messages import (
    ArticleSentiment,
    EntitySentiment,
    EventProbability,
    Sentiment,
)

RULES = read_alert_rules(default_rules_path())


def said(title: str, label: Sentiment = "negative") -> tuple[EntitySentiment, ArticleSentiment]:
    sentiment = article(title=title, said={"label": label, "text": title}).sentiment
    return sentiment.entities[0], sentiment


def event_of(title: str, label: Sentiment = "negative") -> str | None:
    told = RULES.events(*said(title, label))
    return told[0].name if told else None


@pytest.mark.parametrize(
    ("title", "event"),
    [
        ("Orvelle files for Chapter 11 bankruptcy protection", "bankruptcy"),
        ("Orvelle goes into administration, 900 jobs at risk", "bankruptcy"),
        ("SEC opens fraud investigation into Orvelle", "fraud"),
        ("Orvelle recalls 40,000 heat pumps over leaks", "recall"),
        ("Orvelle hit by ransomware, says customers locked out", "cyber attack"),
        ("Explosion at Orvelle plant kills two", "accident"),
        ("Orvelle’s outage enters second day", "outage"),
        ("Orvelle declared insolvent by Dutch court", "bankruptcy"),
        ("Orvelle defaults on bond payment", "bankruptcy"),
        ("SEC charges Orvelle with fraud", "fraud"),
        ("Prosecutors raid Orvelle headquarters", "fraud"),
        ("Orvelle admits it overstated profit for years", "fraud"),
        ("Orvelle to recall 40,000 cars", "recall"),
        ("Orvelle ordered to liquidate by court in Jersey", "bankruptcy"),
        ("Orvelle chairman indicted in Norway over $265 mln bribery scheme", "fraud"),
        ("Orvelle, Larkfield pull vehicles from sale over certificates", "recall"),
        ("Orvelle shuts plant, withdraws eggs over salmonella", "recall"),
        ("Orvelle misses bond payment, default looms", "bankruptcy"),
        ("Orvelle ex-boss goes on trial over 1.9 bln euro fraud", "fraud"),
        ("Orvelle says COO fabricated sales", "fraud"),
        ("Orvelle shuts down systems after 'cybersecurity issue'", "cyber attack"),
        ("Orvelle dam bursts in the north", "accident"),
        ("Orvelle pulls drug from market over cancer risk", "recall"),
        ("Orvelle's Dash jets grounded worldwide", "grounding"),
        ("Orvelle services go down across Europe", "outage"),
        ("Orvelle ransomware attack stops hospitals", "cyber attack"),
        ("Hackers steal data of 2 million Orvelle guests", "cyber attack"),
        ("Orvelle train derails in Ohio", "accident"),
        ("Blast at Orvelle plant injures ten", "accident"),
        ("Orvelle jet skids off snowy runway", "accident"),
        ("Orvelle furnace hall rocked by explosion", "accident"),
        ("Worker crushed at Orvelle depot", "accident"),
        ("Orvelle ferry hits pier, 14 hurt", "accident"),
        ("Orvelle train hits buffers, dozens injured", "accident"),
        ("Orvelle takes 8,000 vans off the road over steering", "recall"),
        ("Orvelle calls back heated toys in nine countries", "recall"),
        ("Orvelle tells owners of its bikes not to ride them", "recall"),
        ("Safety board orders Orvelle to withdraw cots", "recall"),
        ("Orvelle withdraws drinks over glass", "recall"),
        ("Orvelle pauses kettle sales after burns", "recall"),
        ("Orvelle says manager hid losses of 40 million", "fraud"),
        ("Orvelle booked sham orders, report finds", "fraud"),
        ("Former Orvelle trader jailed for rigging", "fraud"),
        ("Prosecutors open criminal probe of Orvelle books", "fraud"),
        ("Short seller claims Orvelle inflates its user numbers", "fraud"),
        ("Orvelle misled investors on pipeline, watchdog says", "fraud"),
        ("Orvelle warns it may go bust by Easter", "bankruptcy"),
        ("Orvelle raises going-concern doubt", "bankruptcy"),
        ("Orvelle on brink of insolvency as lenders circle", "bankruptcy"),
        ("Orvelle skips interest payment", "bankruptcy"),
        ("Orvelle payments fail across Nordics", "outage"),
        ("Orvelle cloud goes dark for three hours", "outage"),
        ("Trading at Orvelle halted by glitch", "outage"),
        ("Orvelle grounds all flights after computer fault", "grounding"),
        ("Regulator bars Orvelle jets from flying", "grounding"),
        ("Orvelle customer records up for sale", "data breach"),
        ("Orvelle staff sold client data", "data breach"),
        ("Orvelle named as victim by ransom gang", "cyber attack"),
        ("Intruders emptied accounts at Orvelle", "cyber attack"),
        ("Orvelle plant ablaze near Porto", "accident"),
        ("Orvelle withdraws guidance over weak demand", "profit warning"),
        ("Orvelle lowers its outlook again", "profit warning"),
        ("Orvelle dockers walk off the job", "strike"),
        ("Rail workers begin indefinite strike at Orvelle", "strike"),
        ("Orvelle chief executive ousted by board", "executive exit"),
        ("Orvelle vaccine misses main goal in trial", "failed trial"),
        ("Court bans sale of Orvelle phones", "ban"),
        ("Moody's cuts Orvelle to junk", "downgrade"),
    ],
)
def test_the_rules_that_come_with_the_code_know_trouble(title: str, event: str) -> None:
    assert event_of(title) == event


@pytest.mark.parametrize(
    ("title", "event"),
    [
        ("Ransomware gang leaks Orvelle customer files", "cyber attack"),
        ("Cyber attack halts Orvelle bookings", "cyber attack"),
        ("Orvelle customer records exposed on open server", "data breach"),
        ("Orvelle grounded jets: engine woes spread", "grounding"),
        ("Orvelle website down for thousands", "outage"),
    ],
)
def test_each_kind_of_trouble_has_its_own_name(title: str, event: str) -> None:
    assert event_of(title) == event


@pytest.mark.parametrize(
    ("title", "event"),
    [
        ("Orvelle files for Chapter 11", "bankruptcy"),
        ("Nordic airline Orvelle files for bankruptcy protection in New York", "bankruptcy"),
        ("Orvelle hit by ransomware", "cyber attack"),
        ("Orvelle recalls 40,000 cars", "recall"),
        ("Orvelle pleads guilty to bribery", "fraud"),
        ("Orvelle agrees to plead guilty to one charge", "fraud"),
        ("Orvelle seeks bankruptcy protection", "bankruptcy"),
        ("Orvelle prepares Chapter 11 filing", "bankruptcy"),
        ("Orvelle takes 8,000 vans off the road", "recall"),
        ("Orvelle halts web orders as cyber incident drags on", "cyber attack"),
        ("Orvelle source code offered on dark web", "data breach"),
    ],
)
@pytest.mark.parametrize("label", ["negative", "neutral", "positive"])
def test_what_is_plainly_said_is_an_event_whatever_the_tone(
    title: str, event: str, label: Sentiment
) -> None:
    assert event_of(title, label) == event


@pytest.mark.parametrize(
    "title",
    [
        "Orvelle wins tenants as the chain next door files for Chapter 11",
        "Orvelle emerges stronger: files for Chapter 11 exit",
        "Orvelle denies it files for bankruptcy",
        "Orvelle helps others recover from outages",
    ],
)
def test_without_a_bad_tone_what_is_not_plain_is_no_event(title: str) -> None:
    assert event_of(title, "neutral") is None


@pytest.mark.parametrize(
    "title",
    [
        "Orvelle shares slump after results",
        "Orvelle denies it has filed for bankruptcy",
        "Judge dismisses fraud charges against Orvelle",
        "Orvelle emerges from Chapter 11",
        "Orvelle bank fraud charges over loan thrown out by court",
        "Orvelle recalls how it all began",
        "Orvelle founder recalls fond memories of lean years",
        "Orvelle recalls furloughed workers as losses mount",
        "Orvelle hit by rival's recall of batteries",
        "Orvelle shares sink as supplier files for bankruptcy",
        "Orvelle rules out bankruptcy filing",
        "Ten years after its bankruptcy filing, Orvelle struggles again",
        "Chapter 7 of Orvelle's tale disappoints readers",
        "Fraud charges against Orvelle dropped",
        "Orvelle denies accounting fraud",
        "Orvelle found not guilty of fraud",
        "Orvelle fined over 2019 data breach",
        "Orvelle sued over last year's outage",
        "Orvelle says no data breach occurred",
        "Orvelle's growth killed in its infancy by tariffs",
        "Orvelle remembers workers killed in 1984 blast",
        "Orvelle under fire at annual meeting",
        "Lender asks Orvelle to write off stake after chain's Chapter 11",
        "Turkish bidder for Orvelle was accused of corruption",
        "Campaigners condemn closure of Orvelle bribery inquiry",
        "Entire system failed Orvelle, not just directors at the top",
        "Orvelle lacked common sense in run-up to IT meltdown, says report",
        "Orvelle schedules maintenance outage at nuclear unit",
        "Orvelle grounds entire fleet of planes because of coronavirus crisis",
        "Rival's boss: Orvelle accident made us realize the importance of cars",
        "Consumer champions: Orvelle customer service has let me down",
        "short sales $XOM $HACK $DIA of Orvelle",
        "Orvelle recalls its roots in Vevey at anniversary loss",
        "Orvelle recalls earlier pledge on jobs",
        "Orvelle expects 500 mln hit from July outage",
        "Orvelle clerk killed in hiking accident abroad",
        "Supplier of Orvelle files for insolvency",
        "Orvelle back online after outage",
        "Orvelle pulls ads over hate speech",
        "Orvelle pulls bid after board says no",
        "Orvelle parks plan for a third plant",
        "Orvelle: this stock will never run out of cash",
        "Never forget, Orvelle should have gone bankrupt in 2008",
        "Fake accounts pester Orvelle fans",
        "If Orvelle had to recall its jokes it would go bankrupt lol",
        "Orvelle outage memes are the best part of the day",
        "Orvelle actor recalls explosion on set",
        "What would happen if Orvelle went bankrupt",
        "Orvelle pilots call off strike",
        "Orvelle pilots suspend one-day strike in Easter week",
        "Orvelle pilots' strikes blocked by high court",
        "Women's strike at Orvelle was not about pay",
        "Orvelle warns of job losses after losing the Dublin contract",
        "Orvelle warns of tariff damage despite profits doubling",
        "Orvelle profits plunge as clothing sales continue to fall",
        "Orvelle to close 50 outlets and reinstate ousted CEO",
        "Ousted Orvelle boss flees to Beirut",
        "A bonus for Orvelle's boss after a credit rating downgrade, really?",
        "Champion and guide dog barred from Orvelle store",
        "Toys sold by Orvelle contain chemicals banned in Europe",
        "Business live: Orvelle chairman out; Kestrane cuts jobs - as it happened",
        "Orvelle strikes deal with lenders",
        "Orvelle economists cut growth outlook",
        "Orvelle chief vows not to resign",
        "Court lifts ban on sale of Orvelle phones",
        "Moody's affirms Orvelle, two notches above junk",
    ],
)
def test_denials_and_other_bad_news_are_no_events(title: str) -> None:
    assert event_of(title) is None


def test_a_phrase_may_leave_words_open() -> None:
    rule = EventRule(name="jobs", phrases=("cut|cuts * jobs",), unless=("#### jobs",))
    rules = AlertRules(unless=("denies",), event=(rule,))
    assert rules.events(*said("Orvelle cuts 400 clerical jobs"))
    assert rules.events(*said("Orvelle to cut jobs"))
    assert not rules.events(*said("Orvelle cuts prices, costs, hours, output and jobs"))
    assert not rules.events(*said("Orvelle cuts all the 2019 jobs"))
    assert not rules.events(*said("Orvelle denies that it cuts jobs"))


def test_a_phrase_may_ask_for_a_number() -> None:
    rules = AlertRules(event=(EventRule(name="hurt", phrases=("# hurt",)),))
    assert rules.events(*said("Orvelle coach overturns, 18 hurt"))
    assert not rules.events(*said("Orvelle is hurt by tariffs"))


def test_no_phrase_spans_two_sentences() -> None:
    rules = AlertRules(event=(EventRule(name="jobs", phrases=("cuts * jobs",)),))
    entity, sentiment = said("Orvelle makes cuts")
    text = "Orvelle makes cuts\nJobs at Orvelle are safe"
    assert not rules.events(msgspec.structs.replace(entity, text=text), sentiment)


def test_what_is_not_bad_for_the_company_is_no_event_of_it() -> None:
    assert event_of("Orvelle gains as rival files for bankruptcy", "positive") is None
    assert event_of("Orvelle audits bank in fraud probe", "neutral") is None


def test_a_rule_may_ask_for_a_topic_or_a_company() -> None:
    by_topic = AlertRules(event=(EventRule(name="cyber", topics=("cyber",)),))
    assert by_topic.events(*said("Orvelle in trouble"))
    other = EventRule(name="fire", phrases=("fire",), companies=("Larkfield",))
    assert not AlertRules(event=(other,)).events(*said("Orvelle fire"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[event]]\nname = 'a'\n", "waits for nothing"),
        ("[[event]]\nname = 'a'\nphrases = ['bad luck']\n" * 2, "two events called 'a'"),
        ("[[event]]\nname = 'a'\nphrase = ['typo']\n", "phrase"),
        ("[[event", "cannot be used"),
    ],
)
def test_rules_that_cannot_be_used_are_told(text: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=reason):
        read_alert_rules(path)


def learned(title: str, *events: str, label: Sentiment = "neutral") -> list[str]:
    """The rules that a text fulfils of which the model tells such events."""
    entity, sentiment = said(title, label)
    told = tuple(EventProbability(event=name, probability=0.9) for name in events)
    return [rule.name for rule in RULES.events(replace(entity, events=told), sentiment)]


def test_what_the_model_tells_is_an_event_without_any_phrase() -> None:
    assert learned("Quiet quays: Orvelle dockers refuse to unload", "strike") == ["strike"]
    assert learned("Quiet quays: Orvelle dockers refuse to unload") == []


def test_an_event_is_told_once_by_phrase_and_model_and_the_gravest_is_first() -> None:
    told = learned(
        "Orvelle recalls 40,000 heat pumps over leaks", "recall", "accident", label="negative"
    )
    assert told == ["accident", "recall"]


@pytest.mark.parametrize(
    ("title", "event"),
    [
        ("Orvelle pilots suspend one-day strike", "strike"),
        ("Charges against Orvelle thrown out by court", "fraud"),
        ("Orvelle denies that it is running out of money", "bankruptcy"),
    ],
)
def test_what_a_text_rules_out_is_no_event_though_the_model_tells_it(
    title: str, event: str
) -> None:
    assert learned(title, event, label="negative") == []


def test_an_event_of_the_model_that_no_rule_names_is_none() -> None:
    assert learned("Orvelle struck by a comet", "comet") == []


def test_who_wants_phrases_alone_gets_them_alone() -> None:
    entity, sentiment = said("Orvelle dockers refuse to unload", "neutral")
    entity = replace(entity, events=(EventProbability(event="strike", probability=0.99),))
    for alone in (
        read_alert_rules(default_rules_path(), learned=False),
        replace(RULES, learned=False),
    ):
        assert alone.events(entity, sentiment) == []


def test_a_rule_of_some_companies_is_told_by_the_model_of_these_alone() -> None:
    rules = AlertRules(event=(EventRule(name="strike", phrases=("x y",), companies=("Other",)),))
    entity, sentiment = said("Orvelle dockers refuse to unload", "neutral")
    entity = replace(entity, events=(EventProbability(event="strike", probability=0.99),))
    assert rules.events(entity, sentiment) == []
    assert rules.events(replace(entity, entity="Other"), sentiment) == [rules.event[0]]
