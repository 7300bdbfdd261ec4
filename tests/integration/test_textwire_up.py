"""The whole of it, as a new user meets it: up, a question, an answer, down."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests.cli.stacks import environment_of, status_of, textwire
from tests.services.recommendations.tiny_model import tiny_model
from tests.stack.processes import eventually
from textwire.file_rights import open_to_others
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import Registry
from textwire.observing.reports import read_reports
from textwire.results.redis import RedisResults
from textwire.samples import samples_dir
from textwire.settings import KafkaSettings
from textwire.stream.clients.sender import Sender
from textwire.support_qa.topics import SUPPORT_QUESTIONS
from textwire.wire.record import OutgoingRecord

PAIRS = 60
UP_WITHIN_S = 110


@pytest.fixture(scope="module")
def stack(
    tmp_path_factory: pytest.TempPathFactory, tiny_classifier: Artifact, tiny_artifact: Artifact
) -> Iterator[Path]:
    """Everything up, with models that are there soon: one tuned on a few pairs, two by chance.

    So few pairs calibrate nothing: it answers however unsure it is.
    """
    folder = tmp_path_factory.mktemp("stack")
    recommender = tiny_model(tiny_artifact, tmp_path_factory.mktemp("recommender"))
    promote(folder, tiny_classifier)
    promote(folder, recommender)
    pairs = write_pairs(folder / "pairs.csv")
    made = run("pipelines", "support-qa", "run", "--data", str(pairs), "--epochs", "1", at=folder)
    assert made.returncode == 0, made.stdout + made.stderr
    up = run("textwire", "up", "--detach", "--no-samples", at=folder)
    assert up.returncode == 0, up.stdout + up.stderr
    yield folder
    textwire(folder, "down")


def promote(data_dir: Path, artifact: Artifact) -> None:
    """Make it the champion of its task."""
    registry = Registry(str(data_dir / "models"))
    registry.register(artifact.path, artifact.manifest)
    registry.promote(artifact.manifest.task, artifact.manifest.version)


def write_pairs(path: Path) -> Path:
    """Some of the sample questions with the passages that answer them, as a user's own file."""
    support = samples_dir() / "support_qa"
    texts = {p["id"]: p["text"] for p in map(json.loads, lines(support / "knowledge.jsonl"))}
    asked = list(map(json.loads, lines(support / "questions.jsonl")))[:PAIRS]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["question", "passage"])
        writer.writerows([question["text"], texts[question["passage_id"]]] for question in asked)
    return path


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def run(module: str, *words: str, at: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *words],
        env=environment_of(at, TEXTWIRE_SUPPORT_QA_THRESHOLD="0"),
        capture_output=True,
        text=True,
        timeout=UP_WITHIN_S,
        umask=0,
    )


@pytest.mark.timeout(240)
def test_a_question_is_answered_from_the_sample_knowledge_with_its_sources(stack: Path) -> None:
    asked = textwire(stack, "ask", "--json", "my card was charged twice, what do I do?")

    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    assert answer["outcome"] == "answered"
    assert "Charged twice" in answer["text"]
    assert answer["sources"][0]["passage_id"] == "pay-double-charge"
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{8}", answer["model"])


def test_who_asks_for_a_person_is_handed_over_with_the_conversation(stack: Path) -> None:
    textwire(stack, "ask", "--session", "angry", "where is my parcel?")
    asked = textwire(stack, "ask", "--session", "angry", "let me speak to a human")
    handoffs = textwire(
        stack, "tail", "support.handoffs", "--from-beginning", "--until-now", "--key", "angry"
    )

    assert "person" in asked.stdout
    assert "where is my parcel?" in handoffs.stdout
    assert "customer_asked" in handoffs.stdout


def test_every_part_is_ready_and_serves_without_torch(stack: Path) -> None:
    status = status_of(stack)

    assert status["ready"]
    services = {"support-qa", "sentiment-alerts", "recommendations"}
    assert {"kafka", "redis", "dashboard"} | services <= set(status["parts"])
    for name in services:
        service = psutil.Process(status["parts"][name]["pid"])
        assert not [m.path for m in service.memory_maps() if "/torch/" in m.path]


def test_nothing_that_it_wrote_can_be_read_by_others(stack: Path) -> None:
    written = [path for path in stack.iterdir() if path.name != "pairs.csv"]

    assert {"kafka", "redis", "logs", "models", "stack.json"} <= {path.name for path in written}
    assert not [path for place in written for path in open_to_others(place)]


def test_new_knowledge_is_live_at_once(stack: Path, tmp_path: Path) -> None:
    article = tmp_path / "zeppelins.md"
    article.write_text("# Zeppelin insurance\n\nWe insure zeppelins for 12 gulden a year.\n")

    loaded = textwire(stack, "knowledge", "load", str(article))
    asked = textwire(stack, "ask", "--json", "what does zeppelin insurance cost a year?")

    assert loaded.returncode == 0, loaded.stderr
    assert "12 gulden" in json.loads(asked.stdout)["text"]


def test_an_article_is_read_and_a_list_is_made(stack: Path, tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text('{"id": "n1", "title": "Northmere Energy halves its dividend"}\n')
    shop = tmp_path / "shop.jsonl"
    shop.write_text('{"id": "pan", "title": "An iron pan", "price": 30}\n')

    fed = textwire(stack, "feed", "replay", str(news), "--topic", "news.articles")
    loaded = textwire(stack, "recs", "load", str(shop))
    asked = textwire(stack, "recs", "ask", "me", "--context", "a pan", "--timeout", "60")
    read = textwire(stack, "tail", "news.sentiment", "--from-beginning", "--until-now")

    assert fed.returncode == loaded.returncode == asked.returncode == 0, asked.stderr
    assert "An iron pan" in asked.stdout
    assert "Northmere Energy" in read.stdout


def test_dead_letters_are_told_after_a_restart_too_until_they_are_purged(stack: Path) -> None:
    status, dead = status_of(stack), SUPPORT_QUESTIONS.dead
    kafka = KafkaSettings(bootstrap_servers=status["bootstrap_servers"])
    with closing(Sender("test", kafka)) as sender:
        sender.write([OutgoingRecord(SUPPORT_QUESTIONS.name, b"s", b"no question")])

    with closing(RedisResults.from_url(status["redis_url"])) as results:

        def told() -> tuple[int, int]:
            """Since the start, and standing."""
            (report,) = [one for one in read_reports(results) if one.service == "support-qa"]
            return report.dead_letters, report.dead_letters_standing.get(dead, -1)

        assert eventually(lambda: told() == (1, 1), within_s=30)
        psutil.Process(status["parts"]["support-qa"]["pid"]).kill()
        assert eventually(lambda: told() == (0, 1), within_s=60)
        assert textwire(stack, "dead", "purge", dead, "--yes").stdout == f"Deleted 1 of {dead}.\n"
        assert eventually(lambda: told() == (0, 0), within_s=30)


def test_down_leaves_nothing_running(stack: Path) -> None:
    pids = [part["pid"] for part in status_of(stack)["parts"].values() if part.get("pid")]

    assert textwire(stack, "down").returncode == 0
    assert pids
    assert not [pid for pid in pids if psutil.pid_exists(pid)]
