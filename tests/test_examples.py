"""The examples do what the documentation says, against the real broker."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from textwire.recommendations.messages import ScoredItem, ScoredList
from textwire.recommendations.topics import RECS_SCORES
from textwire.settings import KafkaSettings
from textwire.stream.clients.sender import Sender
from textwire.stream.kafka.connecting import create_topics

ROOT = Path(__file__).parents[1]
CONSUMER = ROOT / "examples" / "consume_scores.py"


def test_a_few_lines_of_python_consume_the_scores(bootstrap_servers: str, unique_name: str) -> None:
    kafka = KafkaSettings(bootstrap_servers=bootstrap_servers)
    create_topics([RECS_SCORES], kafka)
    item = ScoredItem(item_id="pan", rank=1, score=0.5, parts={"freshness": 1.0}, reason="New")
    scored = ScoredList(
        user_id=unique_name, scores=(item,), model="v1", scored_at=datetime.now(UTC)
    )
    refused = msgspec.structs.replace(scored, scores=(), request_id="r1", error="Ask for fewer.")
    with closing(Sender("test", kafka)) as sender:
        sender.send_all(RECS_SCORES, [scored, refused])
    consumer = subprocess.Popen(
        [sys.executable, str(CONSUMER), bootstrap_servers], stdout=subprocess.PIPE, text=True
    )
    try:
        assert consumer.stdout is not None
        lines = (line for line in consumer.stdout if line.startswith(unique_name))
        shown = [next(lines), next(lines)]
    finally:
        consumer.kill()
        consumer.communicate()
    assert shown == [
        f"{unique_name} request [('pan', 0.5, 'New')]\n",
        f"{unique_name} r1 Ask for fewer.\n",
    ]


def test_the_page_shows_the_example_as_it_is() -> None:
    page = (ROOT / "docs" / "consuming-scores.md").read_text(encoding="utf-8")
    code = CONSUMER.read_text(encoding="utf-8").partition("\n\n")[2]
    assert f"```python\n{code}```" in page
