from datetime import UTC, datetime, timedelta

import pytest

from tests.encoders import HashingEncoder, WordHashingEncoder
from textwire.support_qa.messages import Passage
from textwire.support_qa.passage_index import READ_CLOSELY, PassageIndex
from textwire.support_qa.ranking import RankingWeights

CARD = Passage(id="card", question="How do I freeze my card?", text="Tap Card and then Freeze.")
LOAN = Passage(id="loan", question="What does a loan cost?", text="From 5.4 % a year.")
POT = Passage(id="pot", title="Interest on a pot", text="A pot earns interest monthly.")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
QUESTIONS = ["freeze my card please", "what is the loan cost", "interest on my pot"]


@pytest.fixture
def index() -> PassageIndex:
    return PassageIndex.build(HashingEncoder(), [CARD, LOAN, POT])


def first_ids(index: PassageIndex, *questions: str) -> list[str]:
    return [candidates[0].passage.id for candidates in index.search(questions)]


def test_each_question_finds_its_passage(index) -> None:
    assert first_ids(index, *QUESTIONS) == ["card", "loan", "pot"]


def test_a_candidate_tells_what_speaks_for_it(index) -> None:
    first, *others = index.search(["freeze my card"], k=3)[0]
    assert (first.dense_rank, first.word_rank) == (1, 1)
    assert 0 < first.cosine <= 1.0
    assert first.word_score > 0
    assert all(other.word_rank is None and other.word_score == 0 for other in others)
    assert all(other.score < first.score for other in others)


def test_at_most_k_candidates_come_best_first(index) -> None:
    candidates = index.search(["the cost of my card"], k=2)[0]
    assert len(candidates) == 2
    assert candidates[0].score >= candidates[1].score


def test_an_index_without_passages_answers_with_nothing() -> None:
    empty = PassageIndex(HashingEncoder())
    assert (len(empty), empty.passages) == (0, ())
    assert empty.search(["card", "loan"]) == [[], []]
    assert len(PassageIndex.build(HashingEncoder(), [])) == 0


def test_a_batch_equals_its_questions_one_by_one(index) -> None:
    together = index.search(QUESTIONS)
    assert together == [index.search([question])[0] for question in QUESTIONS]


def test_a_reader_keeps_its_moment_while_others_are_made(index) -> None:
    before = index.search(QUESTIONS)
    moved = Passage(id="card", text="Interest on a pot loan, and its cost.")
    later = index.changed([moved], removed=["pot"])
    assert index.search(QUESTIONS) == before
    assert first_ids(later, QUESTIONS[2]) == ["card"]
    assert {passage.id for passage in later.passages} == {"card", "loan"}
    assert len(index) == 3


def test_a_history_of_changes_finds_what_a_fresh_build_finds(index) -> None:
    changed = index.changed([LOAN, Passage(id="new", text="Something else")], ["pot"])
    changed = changed.changed([POT], ["new", "never-there"])
    fresh = PassageIndex.build(HashingEncoder(), [CARD, LOAN, POT])
    assert len(changed) == len(fresh)
    for one, other in zip(changed.search(QUESTIONS), fresh.search(QUESTIONS), strict=True):
        assert [c.passage for c in one] == [c.passage for c in other]
        assert [c.cosine for c in one] == pytest.approx([c.cosine for c in other])


def test_of_two_passages_with_one_id_the_later_counts() -> None:
    later = Passage(id="card", text="Another text")
    assert PassageIndex.build(HashingEncoder(), [CARD, later]).passages == (later,)


def test_a_passage_outside_its_dates_is_not_found() -> None:
    now = [NOON]
    old = Passage(id="old", text="Freeze the card by letter.", valid_until=NOON)
    new = Passage(id="new", text="Freeze the card in the app.", valid_from=NOON)
    index = PassageIndex(HashingEncoder(), clock=lambda: now[0]).changed([old, new, LOAN])
    question = "freeze the card by letter"
    assert {c.passage.id for c in index.search([question])[0]} == {"new", "loan"}
    now[0] = NOON - timedelta(microseconds=1)
    assert {c.passage.id for c in index.search([question])[0]} == {"old", "loan"}
    assert len(index) == 3


def test_passages_that_do_not_hold_crowd_nobody_out() -> None:
    """What is found is what an index without them finds."""
    gone = [
        Passage(id=f"gone{n}", text=f"freeze my card {n}", valid_until=NOON) for n in range(200)
    ]
    index = PassageIndex(HashingEncoder(), clock=lambda: NOON).changed([*gone, CARD, LOAN, POT])
    fresh = PassageIndex.build(HashingEncoder(), [CARD, LOAN, POT])
    for found, wanted in zip(index.search(QUESTIONS), fresh.search(QUESTIONS), strict=True):
        assert [c.passage for c in found] == [c.passage for c in wanted]
        assert [c.dense_rank for c in found] == [c.dense_rank for c in wanted]


def test_without_a_clock_dates_are_not_looked_at() -> None:
    index = PassageIndex.build(HashingEncoder(), [Passage(id="old", text="x", valid_until=NOON)])
    assert first_ids(index, "x") == ["old"]


def test_passages_have_their_own_encoder_where_one_is_given() -> None:
    questions, passages = HashingEncoder(), HashingEncoder()
    index = PassageIndex(questions, passage_encoder=passages).changed([CARD])
    index.search(["card"])
    assert questions.encoded == ["card"]
    assert passages.encoded == [CARD.question, CARD.searchable_text]


def test_a_failed_change_leaves_the_index_changeable(index) -> None:
    class Failing(HashingEncoder):
        away = True

        def encode(self, texts):
            if self.away:
                raise OSError("away")
            return super().encode(texts)

    encoder = Failing()
    index = PassageIndex(HashingEncoder(), passage_encoder=encoder)
    with pytest.raises(OSError, match="away"):
        index.changed([CARD])
    encoder.away = False
    assert len(index.changed([CARD])) == 1


def test_a_heading_is_known_by_its_words_until_the_last_passage_has_it_no_more() -> None:
    first = Passage(id="a", text="Write to us.", question="How do I complain?")
    second = Passage(id="b", text="Or call.", title="Help › How do I complain?")
    index = PassageIndex.build(HashingEncoder(), [first, second])
    for written in ("how do I complain", "HOW DO I  COMPLAIN!", "Help › How do I complain?"):
        assert index.has_heading(written)
    assert not index.has_heading("how do I")
    assert not index.has_heading("?")
    index = index.changed([], ["b"])
    assert index.has_heading("how do I complain")
    assert not index.has_heading("Help › How do I complain?")
    moved = Passage(id="a", text="Write to us.", question="Where do I complain?")
    assert not index.changed([moved]).has_heading("how do I complain")


LONG = Passage(id="long", text="Card, card and card: how, when and where to use it. " * 3)
RARE = Passage(id="rare", text="Where the app shows a card, it can be laminated. " * 3)
BY_MEANING = RankingWeights(heading=0.0, words=0.0, closely=1.0)


def closely(passages, weights=BY_MEANING) -> PassageIndex:
    encoder = WordHashingEncoder()
    return PassageIndex.build(encoder, passages, weights, word_encoder=encoder)


def test_the_word_that_tells_two_passages_apart_decides_where_they_are_read_closely() -> None:
    index = closely([LONG, RARE, LOAN])
    skimmed, read = (one.search(["card laminated"])[0] for one in (index.skimming(), index))
    assert [one.passage.id for one in skimmed[:2]] == ["long", "rare"]
    assert [one.passage.id for one in read[:2]] == ["rare", "long"]
    assert all(one.closeness is None for one in skimmed)
    assert read[0].score == pytest.approx(read[0].cosine + (read[0].closeness or 0.0))


def test_only_the_best_are_read_closely_and_stay_before_the_others() -> None:
    many = [Passage(id=str(n), text=f"card {'word ' * n}") for n in range(READ_CLOSELY + 4)]
    found = closely(many).search(["card"], k=len(many))[0]
    assert [one.closeness is not None for one in found] == [True] * READ_CLOSELY + [False] * 4
    skimmed = closely(many).skimming().search(["card"], k=len(many))[0]
    assert {one.passage.id for one in found[:READ_CLOSELY]} == {
        one.passage.id for one in skimmed[:READ_CLOSELY]
    }


def test_fewer_candidates_are_the_beginning_of_more() -> None:
    index = closely([CARD, LOAN, POT, LONG, RARE])
    found = index.search(QUESTIONS, k=5)
    assert index.search(QUESTIONS, k=2) == [candidates[:2] for candidates in found]


def test_read_closely_too_a_batch_equals_its_questions_one_by_one() -> None:
    index = closely([CARD, LOAN, POT, LONG, RARE])
    assert index.search(QUESTIONS) == [index.search([question])[0] for question in QUESTIONS]


def test_a_passage_that_changed_is_read_anew() -> None:
    index = closely([LONG, RARE])
    index.search(["card laminated"])
    moved = Passage(id="rare", text="Nothing of the kind.")
    (found,) = index.changed([moved]).search(["card laminated"])
    assert found[0].passage.id == "long"
