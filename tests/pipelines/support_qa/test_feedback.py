from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.support_qa.cli import count_feedback
from pipelines.support_qa.data import Contrast
from pipelines.support_qa.feedback import FeedbackRow, WithFeedback, learnable
from pipelines.support_qa.refining import write_files
from pipelines.support_qa.samples import SampleQuestions
from pipelines.training.pair_batches import Pair
from textwire.results.memory import MemoryResults
from textwire.support_qa.feedback_results import Judged, reply_writes
from textwire.support_qa.messages import Passage

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
KNOWN = {name: Passage(id=name, text=f"About {name}.") for name in ("fee", "loan", "desk-1")}
REPLY = "We have sent the card to your new address today."


def said(kind: str, question: str = "what is it?", **fields: object) -> Judged:
    given = {"session_id": "s", "question_id": "q1", "at": AT, "stood_on": ("fee", "loan")}
    return Judged(kind=kind, question=question, **(given | fields))  # type: ignore[arg-type]


def rows(*judged: Judged) -> list[FeedbackRow]:
    return list(learnable(judged, KNOWN).rows)


def test_a_thumb_up_says_that_the_passage_is_right() -> None:
    assert rows(said("helpful")) == [FeedbackRow(question="what is it?", right="fee")]
    (other,) = rows(said("helpful", passage_id="loan"))
    assert other.right == "loan"


def test_a_colleagues_correction_tells_right_from_wrong() -> None:
    (row,) = rows(said("corrected", by="Maria", passage_id="desk-1", text="No."))
    assert (row.right, row.wrong) == ("desk-1", "fee")


def test_nothing_is_learned_where_nobody_who_knows_said_what_is_right() -> None:
    unsaid = (
        said("unhelpful"),
        said("corrected", text="A customer's own words."),
        said("corrected", passage_id="loan"),
        said("corrected", by="Maria", text="No passage has it."),
        said("corrected", by="Maria", passage_id="gone"),
        said("helpful", stood_on=()),
        said("helpful", stood_on=("gone",)),
        said("helpful", question=""),
    )
    found = learnable(unsaid, KNOWN)
    assert (found.rows, found.unused) == ((), 8)


def test_the_longest_reply_to_a_question_is_learned_from() -> None:
    replies = [said("replied", text=text) for text in ("One moment please.", REPLY, "Good bye!")]
    assert rows(*replies) == [FeedbackRow(question="what is it?", reply=REPLY)]
    assert rows(said("replied", text="One moment please.")) == []


def test_feedback_adds_to_the_data_and_one_question_in_five_is_held_out(
    sample_folder: SampleQuestions, tmp_path: Path
) -> None:
    before = sample_folder.read()
    helpful = [
        said("helpful", f"question {n}?", question_id=f"q{n}", stood_on=("desk-1",))
        for n in range(50)
    ]
    corrected = said("corrected", "which?", by="Maria", passage_id="desk-1")
    found = learnable([*helpful, corrected, said("replied", text=REPLY)], KNOWN)
    source = WithFeedback(sample_folder, tmp_path)
    write_files(found, KNOWN, source)
    data = source.read()
    assert {passage.id for passage in data.passages} == {
        *(passage.id for passage in before.passages),
        "desk-1",
        "fee",
    }
    added = len(data.train) - len(before.train), len(data.held_out) - len(before.held_out)
    assert sum(added) == 51
    assert 3 <= added[1] <= 20
    assert data.further_pairs == (Pair("what is it?", REPLY),)
    assert data.contrasts == (Contrast("desk-1", "fee"),)
    assert Pair("what is it?", REPLY) in data.pairs()
    assert data.kept_together() == [("About desk-1.", "About fee.")]


def test_where_the_files_are_is_no_part_of_what_is_learned_from(
    sample_folder: SampleQuestions, tmp_path: Path
) -> None:
    names = [
        WithFeedback(sample_folder, tmp_path / folder).files.keys() for folder in ("one", "two")
    ]
    assert names[0] == names[1]
    assert "feedback/feedback.jsonl" in names[0]


def test_judgements_and_replies_count_from_when_the_champion_was_made() -> None:
    store, made = MemoryResults(), datetime(2026, 3, 1, tzinfo=UTC)
    for hours in (-1, 1, 2):
        at = made + timedelta(hours=hours)
        said = Judged(session_id="s", question_id="q", question="card?", kind="replied", at=at)
        store.write(reply_writes(said))
    assert count_feedback(store, made) == 2
