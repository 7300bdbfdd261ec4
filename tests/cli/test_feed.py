from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.conftest import Command
from tests.sentiment_alerts.feeds.feed_server import item, rss, serving
from textwire.errors import DataError
from textwire.sample_world.questions import sample_conversations, shuffled_for_ever
from textwire.samples import samples_dir
from textwire.sentiment_alerts.messages import Article
from textwire.sentiment_alerts.topics import NEWS_ARTICLES
from textwire.stream.clients.reading import TopicReader
from textwire.stream.pacing import Clock, at_rate, by_time
from textwire.support_qa.messages import Question
from textwire.support_qa.topics import SUPPORT_QUESTIONS


@pytest.fixture
def questions(textwire: Command) -> Iterator[TopicReader]:
    """The questions from now on."""
    with TopicReader(SUPPORT_QUESTIONS.name) as reader:
        reader.skip_to_end()
        yield reader


def read(questions: TopicReader) -> list[Question]:
    values = [record.value or b"" for record in questions.to_end()]
    return [msgspec.json.decode(value, type=Question) for value in values]


class StillClock(Clock):
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.time_s = 0.0

    def now_s(self) -> float:
        return self.time_s

    def sleep(self, seconds: float) -> None:
        self.time_s += seconds


def test_every_sample_is_asked_once_and_follow_ups_in_their_session(
    textwire: Command, questions: TopicReader
) -> None:
    fed = textwire("feed", "samples", "--once", "--only", "support-qa", "--per-minute", "1000000")
    assert fed.exit_code == 0, fed.output
    conversations = sample_conversations(samples_dir() / "support_qa")
    sessions: dict[str, list[str]] = {}
    for question in read(questions):
        assert question.session_id.startswith("sample-")
        sessions.setdefault(question.session_id, []).append(question.text)
    assert Counter(map(tuple, sessions.values())) == Counter(map(tuple, conversations))
    assert any(len(texts) > 1 for texts in sessions.values())


def test_a_former_name_is_understood_and_the_new_one_is_told(
    textwire: Command, questions: TopicReader
) -> None:
    fed = textwire("feed", "samples", "--once", "--only", "support", "--per-minute", "1000000")
    assert fed.exit_code == 0, fed.output
    assert "`support` is now `support-qa`." in fed.stderr
    assert "Sending the sample world (support-qa)" in fed.stdout
    assert read(questions)


@pytest.mark.parametrize("name", ["support", "news", "shop", "nothing-such"])
def test_it_is_said_which_applications_there_are(offline: Command, name: str) -> None:
    told = offline("feed", "samples", "--only", name, "--speed", "0")
    assert told.exit_code == 2
    assert ("is now" in told.stderr) == (name != "nothing-such")
    assert ("'recommendations'" in told.stderr) == (name == "nothing-such")


def test_the_samples_go_on_for_ever_in_ever_other_order() -> None:
    conversations = [[str(number)] for number in range(50)]
    stream = shuffled_for_ever(conversations, Random(0))
    first, second = list(islice(stream, 50)), list(islice(stream, 50))
    assert sorted(first) == sorted(second) == sorted(conversations)
    assert first != second
    assert list(islice(shuffled_for_ever(conversations, Random(0)), 50)) == first


def test_broken_samples_are_told(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text("{")
    with pytest.raises(DataError, match=r"questions\.jsonl cannot be read"):
        sample_conversations(tmp_path)


@given(st.floats(0.1, 5_000), st.integers(1, 200))
def test_a_steady_rate_is_kept(per_second: float, count: int) -> None:
    clock = StillClock()
    groups = list(at_rate(range(count), per_second, clock))
    assert [item for group in groups for item in group] == list(range(count))
    last_due_s = (count - len(groups[-1])) / per_second
    assert clock.time_s == pytest.approx(last_due_s)


def test_rows_come_at_their_own_times_so_many_times_as_fast() -> None:
    clock = StillClock()
    began = datetime(2026, 3, 2, tzinfo=UTC)
    minutes = [0, 1, None, 60, 59, 120]
    moments = [None if m is None else began + timedelta(minutes=m) for m in minutes]
    came_at = [clock.time_s for _ in by_time(moments, lambda moment: moment, 60, clock)]
    assert came_at == [0, 1, 1, 60, 60, 120]


def test_rows_become_messages_with_sessions_of_their_own(
    textwire: Command, questions: TopicReader, tmp_path: Path
) -> None:
    path = tmp_path / "asked.csv"
    path.write_text("Query,label\nwhere?,a\nwhen?,b\nwhy?,c\n")
    sent = textwire(
        *("feed", "replay", path, "--topic", "support.questions"),
        *("--map", "text=Query", "--limit", "2", "--rate", "1000"),
    )
    assert sent.exit_code == 0, sent.output
    assert sent.stdout.startswith("Sent 2 to support.questions in ")
    asked = read(questions)
    assert {question.text for question in asked} == {"where?", "when?"}
    assert len({question.session_id for question in asked}) == 2


def test_a_session_that_is_given_is_kept(
    textwire: Command, questions: TopicReader, tmp_path: Path, unique_name: str
) -> None:
    path = tmp_path / "asked.jsonl"
    path.write_text(f'{{"text": "a", "session_id": "{unique_name}"}}\n' * 2)
    textwire("feed", "replay", path, "--topic", "support.questions")
    assert [question.session_id for question in read(questions)] == [unique_name] * 2


def test_times_without_a_zone_are_utc_and_dates_are_midnight(
    textwire: Command, tmp_path: Path, unique_name: str
) -> None:
    with TopicReader(NEWS_ARTICLES.name) as articles:
        articles.skip_to_end()
        path = tmp_path / "news.csv"
        path.write_text(
            f"headline,date\n{unique_name} a,2013-12-31T23:10:08\n{unique_name} b,2000-02-15\n"
            f"{unique_name} c,1495152000\n"
        )
        columns = ("--map", "title=headline", "--map", "published_at=date")
        sent = textwire("feed", "replay", path, "--topic", "news.articles", *columns)
        assert sent.exit_code == 0, sent.output
        values = [record.value or b"" for record in articles.to_end()]
    read_articles = (msgspec.json.decode(value, type=Article) for value in values)
    times = {a.title[-1]: a.published_at for a in read_articles if unique_name in a.title}
    assert times == {
        "a": datetime(2013, 12, 31, 23, 10, 8, tzinfo=UTC),
        "b": datetime(2000, 2, 15, tzinfo=UTC),
        "c": datetime(2017, 5, 19, tzinfo=UTC),
    }


def test_a_time_that_is_none_is_told_with_its_line(offline: Command, tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_text("title,published_at\nBanks fall,yesterday\n")
    sent = offline("feed", "replay", path, "--topic", "news.articles")
    assert sent.exit_code == 1
    assert "line 2: 'yesterday' is no time; write it like" in sent.stderr


def test_parquet_is_replayed_too(
    textwire: Command, questions: TopicReader, tmp_path: Path, unique_name: str
) -> None:
    path = tmp_path / "asked.parquet"
    columns = {"Query": ["where?", None, "when?"], "session_id": [unique_name] * 3}
    pq.write_table(pa.table(columns), path)
    options = ("--topic", "support.questions", "--map", "text=Query")
    sent = textwire("feed", "replay", path, *options, "--skip-bad")
    assert sent.exit_code == 0, sent.output
    assert f"{path}, line 2: `Query` is empty" in sent.stderr or "`text` is empty" in sent.stderr
    assert [question.text for question in read(questions)] == ["where?", "when?"]


def test_a_bad_row_keeps_all_back_unless_skipped(
    textwire: Command, questions: TopicReader, tmp_path: Path
) -> None:
    path = tmp_path / "asked.jsonl"
    path.write_text('{"text": "good"}\n{"text": ""}\n')
    sent = textwire("feed", "replay", path, "--topic", "support.questions")
    assert sent.exit_code == 1
    assert f"{path}, line 2: `text` is empty" in sent.stderr
    assert read(questions) == []
    sent = textwire("feed", "replay", path, "--topic", "support.questions", "--skip-bad")
    assert sent.exit_code == 0
    assert [question.text for question in read(questions)] == ["good"]


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (("--topic", "nowhere"), 1, "There is no topic nowhere to send to. Services read "),
        (("--topic", "support.questions"), 1, "Its columns are `Query`"),
        (("--topic", "support.questions", "--map", "body=Query"), 1, "Fields are `session_id`"),
        (("--topic", "support.questions", "--rate", "fast"), 2, "neither a number above 0 nor max"),
        (("--topic", "support.questions", "--rate", "0"), 2, "neither a number above 0 nor max"),
        (("--topic", "support.questions", "--rate", "1", "--speed", "2"), 2, "give one"),
        (("--topic", "support.knowledge", "--speed", "2"), 2, "have no time to go by"),
    ],
)
def test_wrong_options_are_told(
    offline: Command, tmp_path: Path, options: tuple[str, ...], status: int, told: str
) -> None:
    path = tmp_path / "asked.csv"
    path.write_text("Query\nwhere?\n")
    sent = offline("feed", "replay", path, *options)
    assert sent.exit_code == status
    assert told in sent.stderr


def test_what_is_new_of_feeds_goes_to_news_articles(textwire: Command, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with serving() as server, TopicReader(NEWS_ARTICLES.name) as articles:
        articles.skip_to_end()
        url = server.serve(rss(item("Strike shuts port", guid="1")))
        listed = tmp_path / "feeds.txt"
        listed.write_text(f"{url} Harbour Wire\n{server.url('/gone')}\n")
        options = ("--once", "--state", state, "--allow-private")

        first = textwire("feed", "rss", listed, *options)
        second = textwire("feed", "rss", listed, *options)
        sent = [msgspec.json.decode(r.value or b"", type=Article) for r in articles.to_end()]

    assert first.exit_code == 0, first.output
    assert "Sent 1 articles of 1 feeds" in first.output
    assert "/gone: answered 404." in first.output
    assert "Sent 0 articles of 1 feeds" in second.output
    assert [(one.title, one.source) for one in sent] == [("Strike shuts port", "Harbour Wire")]


def test_feeds_inside_are_refused_unless_allowed(textwire: Command, tmp_path: Path) -> None:
    with serving() as server:
        url = server.serve(rss(item("Strike shuts port", guid="1")))
        told = textwire("feed", "rss", url, "--once", "--state", tmp_path / "state.json")

    assert told.exit_code == 1
    assert "not on the open web" in told.output
    assert "No feed could be read" in told.output


def test_a_zone_that_is_none_is_told(offline: Command) -> None:
    told = offline("feed", "rss", "https://wire.example/rss", "--zone", "Mars/Olympus")

    assert "no time zone" in told.output
