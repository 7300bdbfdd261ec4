from __future__ import annotations

import pytest

from services.support_qa.understanding.searching import Search
from services.support_qa.understanding.understanding import (
    LONG_WORDS,
    Understood,
    each_a_new_passage,
    understood,
)
from tests.services.support_qa.snapshots import AT
from textwire.support_qa.dialogue_acts import Reading
from textwire.support_qa.messages import Act, AnswerOutcome, Passage, Turn
from textwire.support_qa.passage_index import Candidate

RATE, WITHDRAW = "what is the rate on pots", "can I withdraw any time"


def read(act: Act, probability: float = 0.95, **parts: float) -> Reading:
    return Reading(act, probability, {act: probability} | parts)  # type: ignore[arg-type]


def candidate(text: str) -> Candidate:
    return Candidate(Passage(id=text, text=text), 0.5, 0.5, 0.0, 1, None, 0.5)


def test_a_follow_up_is_found_by_its_words_and_lies_beside_what_it_leans_on() -> None:
    before = [Turn(role="customer", text=RATE, at=AT, act="question")]
    (search,) = understood(WITHDRAW, before, read("follow_up")).searches
    assert search == Search(WITHDRAW, f"{RATE}\n{WITHDRAW}")


def test_a_follow_up_with_nothing_before_it_is_searched_once() -> None:
    assert understood(WITHDRAW, [], read("follow_up")).searches == (Search(WITHDRAW),)


def test_a_second_question_is_read_with_the_firsts_subject_and_alone() -> None:
    message = understood(f"{RATE} and {WITHDRAW}", [], read("two_questions"))
    assert message.parts == (
        (Search(RATE),),
        (Search(WITHDRAW, f"{RATE}\n{WITHDRAW}"), Search(WITHDRAW)),
    )


def test_a_later_question_does_not_find_the_passage_of_an_earlier_one() -> None:
    message = understood(f"{RATE} and {WITHDRAW}", [], read("two_questions"))
    rate, moving, cash = candidate("2.1 %"), candidate("Tap Move out."), candidate("€600")
    found = [[rate], [rate, moving], [rate, moving, cash], [cash, rate]]
    assert each_a_new_passage(message, found) == [
        [rate],
        [rate, moving],
        [moving, cash],
        [cash, rate],
    ]


def test_what_asks_one_thing_keeps_all_that_was_found() -> None:
    found = [[candidate("a"), candidate("b")]]
    assert each_a_new_passage(Understood(read("question"), (Search("x"),)), found) == found


@pytest.mark.parametrize("act", ["wants_person", "nonsense", "small_talk"])
def test_what_is_not_surely_something_else_is_searched(act: Act) -> None:
    assert understood("share my account", [], read(act, 0.6)).searches == (
        Search("share my account"),
    )
    assert understood("share my account", [], read(act, 0.9)).searches == ()


@pytest.mark.parametrize("act", ["yes", "no", "personal_data"])
def test_a_datum_or_a_word_of_assent_is_never_searched(act: Act) -> None:
    assert understood("4711", [], read(act, 0.4)).searches == ()


def test_a_greeting_of_many_words_asks_something() -> None:
    long = "Dear team, I hope that you are all well. " + "I shall move abroad. " * LONG_WORDS
    assert understood(long, [], read("greeting")).act == "question"
    assert understood("Dear team, hello!", [], read("greeting")).act == "greeting"


def test_a_refusal_that_is_nearly_a_wish_for_a_person_is_one() -> None:
    text = "I'd rather talk to a human than a machine"
    nearly = read("refuses_person", 0.57, wants_person=0.66)
    assert understood(text, [], nearly).act == "wants_person"
    assert (
        understood(text, [], read("refuses_person", 0.9, wants_person=0.66)).act != "wants_person"
    )


def test_a_named_password_alone_is_a_datum_whatever_it_was_read_as() -> None:
    message = understood("my password is hunter2", [], read("question"))
    assert (message.act, message.searches) == ("personal_data", ())
    asking = understood("my password is hunter2, how do I change it?", [], read("question"))
    assert asking.act == "question"


def test_who_takes_what_was_offered_asks_about_it_whatever_it_sounds_like() -> None:
    before = [Turn(role="bot", text="Which?", at=AT, choices=("Technical data", "My Wi-Fi"))]
    taken = understood("Technical  data", before, read("small_talk"))
    assert (taken.act, taken.searches) == ("question", (Search("Technical data"),))
    assert understood("Technical data", [], read("small_talk")).act == "small_talk"


@pytest.mark.parametrize("act", ["complaint", "small_talk", "personal_data"])
def test_what_a_passage_is_headed_by_asks_for_it(act: Act) -> None:
    message = understood("How do I complain?", [], read(act), is_heading=True)
    assert (message.act, message.searches) == ("question", (Search("How do I complain?"),))


def test_who_wants_a_person_gets_one_though_a_passage_is_headed_so() -> None:
    message = understood("Talk to a person", [], read("wants_person"), is_heading=True)
    assert message.act == "wants_person"


NO_STAFF = "no staff please, what is the rate on pots"


@pytest.mark.parametrize("act", ["refuses_person", "question", "follow_up"])
def test_of_who_refuses_a_person_only_what_asks_is_searched(act: Act) -> None:
    message = understood(NO_STAFF, [], read(act), asking=(RATE,))
    assert message.searches == (Search(RATE),)


def test_two_questions_beside_a_refusal_are_the_parts() -> None:
    text = f"no staff please. {RATE}. {WITHDRAW}"
    message = understood(text, [], read("two_questions"), asking=(f"{RATE}.", WITHDRAW))
    assert [part[-1].text for part in message.parts] == [f"{RATE}.", WITHDRAW]


def told(outcome: AnswerOutcome) -> list[Turn]:
    return [
        Turn(role="customer", text=RATE, at=AT, act="question"),
        Turn(role="bot", text="2.1 %", at=AT, outcome=outcome),
    ]


def test_a_complaint_after_an_answer_looks_for_what_was_asked_once_more() -> None:
    message = understood("not what I wanted", told("answered"), read("complaint"))
    assert message.rejected == (Search(RATE),)
    assert message.all_searches == (Search(RATE),)


@pytest.mark.parametrize("outcome", ["asked_back", "acknowledged", "handed_over"])
def test_a_complaint_after_anything_else_looks_for_nothing(outcome: AnswerOutcome) -> None:
    assert understood("not what I wanted", told(outcome), read("complaint")).all_searches == ()


def test_what_is_looked_for_once_more_keeps_all_that_was_found() -> None:
    message = understood("not what I wanted", told("answered"), read("complaint"))
    found = [[candidate("2.1 %"), candidate("€600")]]
    assert each_a_new_passage(message, found) == found


def test_a_name_of_one_word_is_a_datum_whatever_language_it_comes_from() -> None:
    message = understood("Szymborska", [], read("personal_data"), foreign="pl")
    assert (message.foreign, message.act, message.all_searches) == (None, "personal_data", ())


@pytest.mark.parametrize("text", ["Wie sperre ich meine Karte", "Öffnungszeiten"])
def test_what_is_not_surely_a_name_is_in_its_language(text: str) -> None:
    assert understood(text, [], read("personal_data", 0.5), foreign="de").foreign == "de"


def test_who_points_at_a_choice_asks_what_was_offered() -> None:
    before = [Turn(role="bot", text="Which?", at=AT, choices=("How do I pay?", "What is it?"))]
    taken = understood("the second one", before, read("follow_up"))
    assert (taken.act, taken.searches) == ("question", (Search("What is it?"),))
    nothing = understood("the second one", [], read("follow_up"))
    assert (nothing.act, nothing.searches) == ("nonsense", ())


def test_who_tells_of_a_death_asks_what_is_to_be_done() -> None:
    message = understood("my wife died", [], read("small_talk"))
    assert (message.act, message.distress) == ("question", "grief")
    assert message.searches == (Search("my wife died"),)


def test_what_is_told_after_a_death_is_no_chat() -> None:
    before = [Turn(role="customer", text="my wife died", at=AT, act="question")]
    later = understood("we were married 41 years", before, read("complaint", 0.4))
    assert (later.distress, later.all_searches) == ("grief", ())
    assert understood("and her card?", before, read("follow_up")).distress is None


def test_danger_is_seen_whatever_the_message_was_read_as() -> None:
    assert understood("i want to kill myself", [], read("complaint")).distress == "danger"


def test_a_question_of_the_own_account_is_told_apart() -> None:
    assert understood("What is my balance?", [], read("question")).of_own
    assert not understood("Where can I see my balance?", [], read("question")).of_own


def test_a_question_of_one_word_may_lean_on_what_was_asked() -> None:
    before = [Turn(role="customer", text=RATE, at=AT, act="question")]
    message = understood("what fees", before, read("question"))
    assert message.searches == (Search("what fees"),)
    assert message.leaning == (Search("what fees", f"{RATE}\nwhat fees"),)
    assert understood("what fees for a transfer", before, read("question")).leaning == ()


def test_a_correction_is_searched_without_what_it_is_not() -> None:
    before = [Turn(role="customer", text="my pin", at=AT, act="question")]
    message = understood("not the app pin, the card one", before, read("follow_up"))
    assert message.corrects
    assert message.searches == (Search("the card one", "my pin\nthe card one"),)
