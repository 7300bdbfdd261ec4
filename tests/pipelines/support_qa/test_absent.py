from pipelines.support_qa.absent import find_without_answers, without_text
from pipelines.support_qa.data import LabelledQuestion
from tests.encoders import HashingEncoder
from textwire.support_qa.messages import Passage
from textwire.support_qa.passage_index import PassageIndex

PASSAGES = [
    Passage(id="freeze", question="How do I freeze my card?", text="Tap Card, then Freeze."),
    Passage(id="again", title="Cards", text="Tap Card, then Freeze."),
    Passage(id="order", question="How do I order a card?", text="Tap Card, then Order."),
    Passage(id="loan", question="What does a loan cost?", text="From 5.4 % a year."),
]
ASKED = [LabelledQuestion("freeze my card", "freeze"), LabelledQuestion("will it rain", None)]


def test_it_is_as_if_the_answer_and_its_repeats_had_never_been_there() -> None:
    index = PassageIndex.build(HashingEncoder(), PASSAGES)
    ((_, found),) = find_without_answers(index, ASKED)
    (smaller,) = PassageIndex.build(HashingEncoder(), PASSAGES[2:]).search([ASKED[0].text])
    assert [one.passage.id for one in found] == [one.passage.id for one in smaller]
    assert [one.dense_rank for one in found] == [one.dense_rank for one in smaller]


def test_what_stood_behind_the_answer_moves_up() -> None:
    index = PassageIndex.build(HashingEncoder(), PASSAGES)
    (found,) = index.search(["freeze my card"])
    left = without_text(found, "Tap Card, then Freeze.")
    assert sorted(one.dense_rank or 0 for one in left) == [1, 2]
