from pipelines.dialogue_acts.data import EarlierMessage, TurnRow
from pipelines.dialogue_acts.examples import examples_of, in_context, parts_of
from textwire.support_qa.dialogue_acts import ACTS

ALONE = TurnRow("how do I freeze my card?", act="question")
LEANING = TurnRow(
    "and abroad?",
    act="follow_up",
    also=("question",),
    before=(
        EarlierMessage("customer", "what does a transfer cost?"),
        EarlierMessage("bot", "0.50"),
    ),
)


def test_the_message_alone_may_be_worded_otherwise() -> None:
    before, said, after = parts_of(in_context(LEANING))
    assert (before, said) == ("", "and abroad?")
    assert "what does a transfer cost?" in after
    assert parts_of("no context") == ("", "no context", "")


def test_parts_put_together_are_the_text() -> None:
    for row in (ALONE, LEANING):
        assert "".join(parts_of(in_context(row))) == in_context(row)


def test_an_act_is_the_label_and_all_acts_of_a_message_are_its_topics() -> None:
    found = examples_of([ALONE, LEANING])
    assert [ACTS[label] for label in found.labels] == ["question", "follow_up"]
    held = [[ACTS[at] for at in row.nonzero()[0]] for row in found.topics]
    assert held == [["question"], sorted(["question", "follow_up"], key=ACTS.index)]
