import pytest

from tests.encoders import HashingEncoder
from textwire.support_qa.messages import Passage, Question
from textwire.support_qa.passage_filters import ANY, PassageFilter
from textwire.support_qa.passage_index import PassageIndex

CARD = Passage(id="card", text="Freeze the card in the app.", tags=("Cards",), language="en")
KARTE = Passage(id="karte", text="Freeze the card: in der App.", tags=("Karten",), language="de-AT")
ANYWHERE = Passage(id="any", text="Freeze the card by phone.", tags=("cards", "phone"))


def asked(**fields: object) -> PassageFilter:
    return PassageFilter.of(Question(session_id="s", text="x", **fields))


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        (ANY, {"card", "karte", "any"}),
        (asked(tags=("CARDS",)), {"card", "any"}),
        (asked(tags=("phone", "karten")), {"karte", "any"}),
        (asked(language="de"), {"karte", "any"}),
        (asked(language="en-GB", tags=("cards",)), {"card", "any"}),
        (asked(tags=("loans",)), set()),
    ],
)
def test_only_passages_of_the_tags_and_language_are_found(wanted, ids) -> None:
    index = PassageIndex.build(HashingEncoder(), [CARD, KARTE, ANYWHERE])
    vectors = index.encoder.encode(["freeze the card"])
    (found,) = index.search_encoded(["freeze the card"], vectors, filters=[wanted])
    assert {candidate.passage.id for candidate in found} == ids


def test_each_question_of_a_batch_has_its_own_filter() -> None:
    index = PassageIndex.build(HashingEncoder(), [CARD, KARTE])
    texts = ["freeze the card"] * 3
    found = index.search_encoded(
        texts,
        index.encoder.encode(texts),
        filters=[asked(language="de"), ANY, asked(language="en")],
    )
    assert [{c.passage.id for c in some} for some in found] == [
        {"karte"},
        {"card", "karte"},
        {"card"},
    ]
