"""`textwire backtest`, with a tiny model of the registry, and the judging of alerts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from click.testing import CliRunner

from tests.article_scorers import DAY, Newsroom, article, at, burst, quiet_day, reader
from textwire.cli import main
from textwire.errors import DataError, DataFileError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import Registry
from textwire.sentiment_alerts.alert_rules import AlertRules, EventRule
from textwire.sentiment_alerts.backtest import LabelledSurge, Replay, judge
from textwire.sentiment_alerts.backtest_data import read_dated_articles, read_surges
from textwire.sentiment_alerts.config import SentimentAlertsSettings
from textwire.sentiment_alerts.messages import Article

STRIKE = sorted([*quiet_day(hours=14), *burst(at(9, 7))], key=lambda article: article.published_at)
KNOWN = LabelledSurge(entity="Northmere Energy", topic="labour", begins=at(9, 7), ends=at(9, 42))


def written(path: Path, articles: list[Article]) -> Path:
    path.write_bytes(b"\n".join(msgspec.json.encode(one) for one in articles))
    return path


def test_a_history_raises_what_the_desk_raises() -> None:
    replayed = Replay(reader(), SentimentAlertsSettings()).run(STRIKE)
    assert replayed.alerts == Newsroom().read(STRIKE).alerts
    assert (replayed.articles, replayed.desk.late) == (len(STRIKE), 0)


def test_every_alert_of_a_long_history_is_reported() -> None:
    """Alerts are kept for 14 days after they are resolved; a history has no such end."""
    news = [
        one
        for week in range(6)
        for one in sorted(
            [
                *quiet_day(1000 * week, 14, 24 * 7 * week),
                *burst(at(24 * 7 * week + 9, 7), first=1000 * week + 500),
            ],
            key=lambda article: article.published_at,
        )
    ]
    seen: list[int] = []
    replayed = Replay(reader(), SentimentAlertsSettings()).run(news, seen.append)
    assert len(replayed.alerts) == replayed.desk.alerts == 6
    assert sum(seen) == len(news)


def test_alerts_on_events_are_reported_too() -> None:
    rules = AlertRules(event=(EventRule(name="strike", phrases=("strike",)),))
    replayed = Replay(reader(), SentimentAlertsSettings(), rules).run(STRIKE)
    assert {alert.kind for alert in replayed.alerts} == {"surge", "event"}


def test_times_without_a_zone_are_of_the_one_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_text("title,published_at\nopens,2026-03-09 09:30\nutc,2026-03-09T09:30:00Z\n")
    zone = ZoneInfo("America/New_York")
    articles, _ = read_dated_articles(path, zone=zone, skip_bad=False)
    hours = {one.title: one.published_at.hour for one in articles if one.published_at}
    assert hours == {"opens": 13, "utc": 9}


def test_a_copy_is_known_across_batches_from_the_first_on() -> None:
    stories = [article(n, at(n / 60)) for n in range(100)]
    copy = article(900, at(2), title=f"{stories[5].title} - Halden Press")
    replayed = Replay(reader(), SentimentAlertsSettings()).run([*stories, copy])
    assert replayed.desk.copies == 1


def test_alerts_are_judged_by_the_surges_that_are_known() -> None:
    (alert,) = Replay(reader(), SentimentAlertsSettings()).run(STRIKE).alerts
    missed = msgspec.structs.replace(KNOWN, entity="Larkfield")
    judged = judge([alert], [KNOWN, missed], slack=timedelta(hours=1))
    assert (judged.precision, judged.recall) == (1.0, 0.5)
    assert judged.delays == [alert.raised_at - at(9, 7), None]
    assert judged.median_delay == alert.raised_at - at(9, 7)
    alone = judge([alert], [missed], slack=timedelta(hours=1))
    assert (alone.precision, alone.recall, alone.false) == (0.0, 0.0, [alert])
    assert judge([], [], timedelta()).precision is None


def test_a_file_is_read_by_its_columns_and_in_the_order_of_time(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_text("Headline,Date\nlater,2026-03-02 10:00\nsooner,2026-03-01\n")
    columns = ["title=Headline", "published_at=Date"]
    articles, bad = read_dated_articles(path, columns, skip_bad=False)
    assert [(one.title, one.id) for one in articles] == [("sooner", "row-3"), ("later", "row-2")]
    assert articles[1].published_at == at(10)
    assert bad.count == 0


def test_rows_without_a_time_are_named_or_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text(
        '{"title": "no time"}\n{"title": "t", "minute": 90}\n{"title": " ", "minute": 1}\n'
    )
    with pytest.raises(DataFileError, match="published_at=COLUMN"):
        read_dated_articles(path, skip_bad=False)
    (one,), bad = read_dated_articles(path, first_day=DAY, skip_bad=True)
    assert (one.published_at, bad.count) == (at(1, 30), 2)


@pytest.mark.parametrize(
    "line",
    [
        '{"entity": "A", "from": "2026-03-02T09:07:00Z", "to": "2026-03-02T09:42:00Z"}',
        '{"entity": "A", "from_minute": 547, "to_minute": 582}',
    ],
)
def test_surges_have_times_or_minutes(line: str, tmp_path: Path) -> None:
    path = tmp_path / "surges.jsonl"
    path.write_text(line)
    assert read_surges(path, DAY) == [
        LabelledSurge(entity="A", topic=None, begins=at(9, 7), ends=at(9, 42))
    ]


@pytest.mark.parametrize("line", ['{"from_minute": 1, "to_minute": 2}', '{"entity": "A"}', "{"])
def test_surges_that_cannot_be_used_are_told(line: str, tmp_path: Path) -> None:
    path = tmp_path / "surges.jsonl"
    path.write_text(line)
    with pytest.raises(DataError, match=r"surges\.jsonl"):
        read_surges(path)


def test_the_command_needs_a_file_or_a_topic() -> None:
    result = CliRunner().invoke(main, ["backtest"])
    assert result.exit_code == 2
    assert "Name a FILE, or a topic" in result.output


def test_the_command_runs_the_champion_over_a_file(
    tiny_classifier: Artifact, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = Registry(str(tmp_path / "models"))
    registry.register(tiny_classifier.path, tiny_classifier.manifest)
    registry.promote(tiny_classifier.manifest.task, tiny_classifier.manifest.version)
    monkeypatch.setenv("TEXTWIRE_MODELS_REGISTRY", str(tmp_path / "models"))
    monkeypatch.setenv("TEXTWIRE_STACK_DATA_DIR", str(tmp_path / "data"))
    news = written(tmp_path / "news.jsonl", [article(n, at(n / 10)) for n in range(40)])
    surges = tmp_path / "surges.jsonl"
    surges.write_text('{"entity": "Larkfield", "from_minute": 0, "to_minute": 60}\n')
    command = ["backtest", str(news), "--surges", str(surges), "--first-day", "2026-03-02"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    assert "Larkfield: missed" in result.output
    assert "40 articles" in result.stderr
    assert "companies of the sample news.\n" in result.stderr
    told = msgspec.json.decode(CliRunner().invoke(main, [*command, "--json"]).stdout)
    assert (told["articles"], told["recall"]) == (40, 0.0)
    assert told["companies"]["source"] == "the sample news"
    part = ["--from", "2026-03-02 01:00", "--to", "2026-03-02T02:00:00Z", "--json"]
    told = msgspec.json.decode(CliRunner().invoke(main, [*command, *part]).stdout)
    assert told["articles"] == 10
    none = CliRunner().invoke(main, [*command, "--from", "2030-01-01"])
    assert none.exit_code == 1
    assert "No article is left" in none.stderr
