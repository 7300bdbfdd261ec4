import numpy as np

from services.support_qa.replying.extracting import answering_sentences, extracted
from tests.encoders import HashingEncoder
from tests.services.support_qa.snapshots import AT
from textwire.support_qa.messages import Passage, Turn
from textwire.support_qa.passage_index import Candidate

SENTENCES = ["Tap Card.", "Then tap Freeze.", "It works at once.", "Fees are none.", "Call us too."]
TEXT = "Freezing is quick in the app. Loans cost interest. Pots earn some. Parcels come by post."


def said(text: str, role: str = "bot") -> Turn:
    return Turn(role=role, text=text, at=AT)


def sentences_for(question: str, *before: Turn, text: str = TEXT) -> tuple[str, ...]:
    encoder = HashingEncoder(dimension=512)
    candidate = Candidate(Passage(id="p", text=text), 0.9, 0.9, 1.0, 1, 1, 1.0)
    (found,) = extracted([candidate], encoder.encode([question]), [question], [before], encoder)
    return found


def test_what_is_near_is_said_in_the_passages_order() -> None:
    assert answering_sentences(SENTENCES, np.array([0.5, 0.1, 0.1, 0.6, 0.2])) == [0, 3]


def test_a_sentence_that_goes_on_brings_the_one_before_it() -> None:
    assert answering_sentences(SENTENCES, np.array([0.0, 0.1, 0.7, 0.2, 0.1])) == [0, 1, 2]


def test_what_is_no_longer_than_an_answer_is_said_whole() -> None:
    assert answering_sentences(SENTENCES[:3], np.array([0.9, 0.0, 0.0])) == [0, 1, 2]


def test_what_was_said_is_left_out() -> None:
    assert answering_sentences(SENTENCES, np.array([0.9, 0.1, 0.1, 0.5, 0.0]), {0}) == [3]


def test_only_the_sentences_that_answer_are_said() -> None:
    assert sentences_for("what do loans cost") == ("Loans cost interest.",)


def test_who_asks_again_is_told_what_is_new_and_at_last_nothing() -> None:
    question = "what do loans cost"
    asked, first = said(question, "customer"), said("Loans cost interest. [1]")
    again = sentences_for(question, asked, first)
    assert again
    assert "Loans cost interest." not in again
    assert sentences_for(question, asked, said(TEXT)) == ()


def test_another_question_about_what_was_said_gets_its_one_sentence() -> None:
    before = (said("tell me all", "customer"), said(TEXT))
    assert sentences_for("what do loans cost", *before) == ("Loans cost interest.",)


def test_steps_are_told_whole() -> None:
    text = "Guests may surf. Ask us.\n\nDo this:\n- Open the page.\n- Choose Guest.\n- Tap Save."
    steps = ("Do this:", "- Open the page.", "- Choose Guest.", "- Tap Save.")
    assert sentences_for("how to choose guest", text=f"{text}\n\nIt costs nothing. Bye.") == steps
