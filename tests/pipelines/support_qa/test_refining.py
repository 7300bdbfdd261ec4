"""A refined model, on a tiny base and a small world."""

import io
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.running.options import RunOptions
from pipelines.support_qa.data import SupportData
from pipelines.support_qa.pipeline import pipeline
from pipelines.support_qa.refining import read_feedback, refine_from
from pipelines.support_qa.samples import SampleQuestions
from pipelines.support_qa.settings import TASK
from tests.pipelines.runs import said_on
from tests.pipelines.support_qa.test_run import quick
from textwire.errors import DataError
from textwire.models.artifacts.registry import CHALLENGER, Registry
from textwire.results.redis import RedisResults
from textwire.stream.clients.sender import Sender
from textwire.stream.kafka.connecting import create_topics
from textwire.support_qa.feedback_results import Judged, reply_writes
from textwire.support_qa.messages import Passage
from textwire.support_qa.topics import SUPPORT_KNOWLEDGE

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
DESK = Passage(id="desk-1", text="A lost cat is found by its chip.", question="where is my cat?")
USUAL = RunOptions(None, (), None, None, None, (), force=False, no_promote=False)


def helpful(number: int) -> Judged:
    return Judged(
        session_id="s", question_id=f"q{number}", question=f"has anybody seen cat {number}?",
        kind="helpful", at=AT, stood_on=(DESK.id,),
    )  # fmt: skip


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TEXTWIRE_STACK_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def test_without_feedback_there_is_nothing_to_refine(
    tiny_base: Path, sample_folder: SampleQuestions, data_dir: Path
) -> None:
    small = replace(pipeline, usual=lambda: (sample_folder, quick(tiny_base)))
    with pytest.raises(DataError, match="no feedback to learn from"):
        refine_from([], {}, small, None, USUAL, said_on(io.StringIO()))


def test_a_refined_model_is_compared_serves_if_the_gate_lets_it_and_leaves_no_words_behind(
    tiny_base: Path, sample_folder: SampleQuestions, data_dir: Path, tmp_path: Path
) -> None:
    gate = tmp_path / "gate.toml"
    small = replace(pipeline, usual=lambda: (sample_folder, quick(tiny_base)))
    said = io.StringIO()
    judged, known = [helpful(n) for n in range(12)], {DESK.id: DESK}
    refine_from(judged[:6], known, small, None, USUAL, said_on(said))
    registry = Registry(str(data_dir / "models"))
    first = registry.alias(TASK)
    asked = replace(USUAL, rules_file=gate)
    gate.write_text("[all]\nleast_gain = 1.0\n", encoding="utf-8")
    refine_from(judged[:9], known, small, None, asked, said_on(io.StringIO()))
    assert registry.alias(TASK) == first
    assert registry.alias(TASK, CHALLENGER) not in (None, first)
    gate.write_text("[all]\n", encoding="utf-8")
    refine_from(judged, known, small, None, asked, said_on(said))
    assert registry.alias(TASK) not in (None, first)
    assert "6 of 6 judgements and replies teach something" in said.getvalue()
    assert f"did not with {first}" in said.getvalue()
    assert "now the champion" in said.getvalue()
    assert list(data_dir.glob("refine-*")) == []


def test_what_was_judged_and_is_known_is_read_where_it_stands(
    bootstrap_servers: str, redis_url: str, unique_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS", bootstrap_servers)
    monkeypatch.setenv("TEXTWIRE_REDIS_URL", redis_url)
    create_topics([SUPPORT_KNOWLEDGE])
    with closing(Sender("test")) as sender:
        sender.send(SUPPORT_KNOWLEDGE, Passage(id=unique_name, text="Found."))
    reply = Judged(session_id=unique_name, question_id="q", question="?", kind="replied", at=AT)
    with closing(RedisResults.from_url(redis_url)) as results:
        results.write(reply_writes(reply))
    judged, known = read_feedback()
    assert reply in judged
    assert known[unique_name].text == "Found."


def test_data_without_feedback_is_as_it_was(sample_folder: SampleQuestions) -> None:
    data: SupportData = sample_folder.read()
    assert (data.further_pairs, data.contrasts, data.kept_together()) == ((), (), [])
