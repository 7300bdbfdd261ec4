"""The public figure, on a few threads and tiny models."""

import json
from pathlib import Path

import pytest

from pipelines.reranker.public.stackfaq import AskedRead, evaluate_stackfaq, hold_back
from pipelines.reranker.settings import RerankerSettings
from pipelines.support_qa.public.stackfaq import StackFaqSettings, read_threads
from tests.pipelines.conftest import SUBJECTS
from tests.pipelines.runs import quiet
from textwire.support_qa.messages import Passage
from textwire.support_qa.passage_index import Candidate


@pytest.fixture
def threads_file(tmp_path: Path) -> Path:
    file = tmp_path / "stackfaq.jsonl"
    rows = [
        {
            "id": number,
            "question": f"{name}?",
            "answers": [text, f"{name} {text}"],
            "queries": [*asked, f"{name} now", f"my {name}", f"a {name}"],
            "queries_after_marker": judged,
        }
        for number, (name, (text, asked, judged)) in enumerate(SUBJECTS.items())
    ]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return file


def test_both_are_judged_on_paraphrases_that_neither_learned_from(
    threads_file: Path, tiny_base: Path
) -> None:
    base = str(tiny_base)
    found = evaluate_stackfaq(
        threads_file,
        StackFaqSettings(base=base, epochs=1, max_tokens=32, train_tokens=16),
        RerankerSettings(base=base, epochs=1, max_tokens=48, wrongs=2, mined=4),
        quiet(),
    )
    assert 0 < found["alone"] <= 1
    assert 0 < found["reranked"] <= 1


def test_what_the_weight_is_chosen_on_is_not_learned_from(threads_file: Path) -> None:
    threads = read_threads(threads_file)
    for thread, learned, chosen_on in zip(threads, *hold_back(threads, 0), strict=True):
        assert not set(learned.learned) & set(chosen_on.learned)
        assert {*learned.learned, *chosen_on.learned} == set(thread.learned)
        assert chosen_on.learned


def test_what_was_not_read_stays_behind_what_was() -> None:
    wrong, right, last = (
        Candidate(Passage(id=id_, text=id_), 0, 0, 0, 1, 1, score, relevance=odds)
        for id_, score, odds in (("1-0", 0.9, -5.0), ("2-0", 0.8, 5.0), ("2-1", 0.7, None))
    )
    read = AskedRead(["2"], [[wrong, right, last]], [[wrong, right]])
    assert read.mean_average_precision(0.0) == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert read.mean_average_precision(1.0) == pytest.approx((1 + 2 / 3) / 2)
