from collections.abc import Sequence
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.support_qa.bot_words import read_foreign_words, read_words
from services.support_qa.knowledge.snapshot import Knowledge
from services.support_qa.processor import SupportQa
from tests.services.support_qa.acts import ByBeginning
from tests.services.support_qa.snapshots import (
    AT,
    PASSAGES,
    answer_in,
    artifact,
    asked,
    handoff_in,
    knowledge,
    load_hashing,
    service,
    stored,
)
from textwire.errors import RecordRejected, RedisUnavailable, Unavailable
from textwire.results.memory import MemoryResults
from textwire.results.writes import Append, Put
from textwire.stream.bisection import in_pieces
from textwire.stream.processor import Processor, Received, Result
from textwire.support_qa.dialogue_acts import Reading
from textwire.support_qa.messages import Answer, Passage
from textwire.support_qa.results import read_answer, read_outcomes, read_turns
from textwire.support_qa.topics import SUPPORT_ANSWERS, SUPPORT_HANDOFFS

FREEZE = "how do i freeze my lost card"
ORDER = "how do i order a physical card"
PERSON = "I want to talk to a human"
UNKNOWN = "zebra weather tomorrow"


def one_after_the_other(qa: SupportQa, store: MemoryResults, batch: list[Received]) -> list[Result]:
    results = []
    for received in batch:
        (result,) = qa.process([received])
        stored(store, received, result)
        results.append(result)
    return results


def test_support_qa_is_a_processor() -> None:
    qa: Processor = service()
    assert (qa.name, [topic.name for topic in qa.inputs]) == ("support-qa", ["support.questions"])
    assert qa.model == "v1"


def test_a_known_question_is_answered_with_its_sources() -> None:
    (result,) = service().process([asked(ORDER)])
    answer = answer_in(result)
    assert answer.outcome == "answered"
    assert answer.text == f"{PASSAGES[0].text} [1]"
    assert (answer.question_id, answer.session_id, answer.model) == ("q1", "s", "v1")
    assert answer.answered_at == AT
    assert 0.5 <= answer.confidence <= 1
    first = answer.sources[0]
    assert (first.passage_id, first.url) == ("card-order", PASSAGES[0].url)
    assert first.title == PASSAGES[0].question
    assert all(a.score >= b.score for a, b in pairwise(answer.sources))
    assert all(0 <= source.score <= 1 for source in answer.sources)
    assert [out.topic for out in result.messages] == [SUPPORT_ANSWERS]


def test_answers_survive_the_wire() -> None:
    (result,) = service().process([asked(ORDER)])
    answer = answer_in(result)
    assert msgspec.json.decode(msgspec.json.encode(answer), type=Answer) == answer


def test_no_more_sources_are_shown_than_set() -> None:
    (result,) = service(sources=1).process([asked("card")])
    assert len(answer_in(result).sources) == 1


def test_an_unsure_answer_is_handed_over_with_its_candidates() -> None:
    (result,) = service().process([asked(UNKNOWN)])
    answer, handoff = answer_in(result), handoff_in(result)
    assert (answer.outcome, answer.handoff_reason) == ("handed_over", "low_confidence")
    assert answer.confidence < 0.5
    assert answer.sources == ()
    assert handoff is not None
    assert handoff.reason == "low_confidence"
    assert len(handoff.candidates) == 3
    assert answer.act == "question"
    assert [out.topic for out in result.messages] == [SUPPORT_ANSWERS, SUPPORT_HANDOFFS]


def test_whoever_asks_for_a_person_gets_one_however_sure_the_bot_is() -> None:
    (result,) = service().process([asked(f"{PERSON}: {FREEZE}?")])
    assert answer_in(result).handoff_reason == "customer_asked"


def test_without_knowledge_every_question_is_handed_over() -> None:
    (result,) = service(snapshot=knowledge([])).process([asked(FREEZE)])
    assert answer_in(result).confidence == 0
    handoff = handoff_in(result)
    assert handoff is not None
    assert (handoff.reason, handoff.candidates) == ("no_knowledge", ())


def test_a_threshold_that_is_set_goes_before_the_models() -> None:
    (result,) = service(snapshot=knowledge(threshold=0.0)).process([asked(UNKNOWN)])
    assert answer_in(result).outcome == "answered"


def test_a_handoff_holds_the_whole_conversation_with_this_question_last() -> None:
    store = MemoryResults()
    batch = [asked(ORDER, id_="q1", offset=1), asked(PERSON, id_="q2", offset=2)]
    *_, last = one_after_the_other(service(store), store, batch)
    handoff = handoff_in(last)
    assert handoff is not None
    said = [(turn.role, turn.text, turn.question_id) for turn in handoff.conversation]
    assert said == [
        ("customer", ORDER, "q1"),
        ("bot", f"{PASSAGES[0].text} [1]", "q1"),
        ("customer", PERSON, "q2"),
    ]


def test_a_follow_up_is_read_with_the_turn_before_it() -> None:
    follow_up = "and how many days does that take?"
    (alone,) = service().process([asked(follow_up)])
    store = MemoryResults()
    batch = [asked(ORDER, id_="q1", offset=1), asked(follow_up, id_="q2", offset=2)]
    *_, after = one_after_the_other(service(store), store, batch)
    assert answer_in(alone).outcome == "asked_back"
    assert answer_in(after).sources[0].passage_id == "card-order"


def test_who_only_says_something_gets_a_reply_and_nothing_is_looked_up() -> None:
    for text, act in (("hello", "greeting"), ("thanks a lot", "thanks"), ("bye", "goodbye")):
        (result,) = service().process([asked(text)])
        answer = answer_in(result)
        assert (answer.outcome, answer.act, answer.sources) == ("acknowledged", act, ())
        assert answer.text in read_words().acknowledged[act]
        assert handoff_in(result) is None


def test_a_colleague_is_called_once_in_a_conversation() -> None:
    store = MemoryResults()
    texts = [PERSON, PERSON, "hello", UNKNOWN, ORDER]
    batch = [asked(text, id_=f"q{n}", offset=n) for n, text in enumerate(texts)]
    results = one_after_the_other(service(store), store, batch)
    assert [answer_in(result).outcome for result in results] == [
        "handed_over",
        "waiting",
        "acknowledged",
        "waiting",
        "answered",
    ]
    assert [handoff_in(result) is not None for result in results] == [True, *[False] * 4]


def test_a_yes_to_the_offer_of_a_colleague_calls_one() -> None:
    store = MemoryResults()
    batch = [asked("useless, all of it", id_="q1", offset=1), asked("yes", id_="q2", offset=2)]
    complained, accepted = one_after_the_other(service(store), store, batch)
    assert answer_in(complained).outcome == "acknowledged"
    assert answer_in(accepted).handoff_reason == "customer_asked"
    (alone,) = service().process([asked("yes")])
    assert answer_in(alone).outcome == "acknowledged"


def test_what_is_nearly_sure_is_asked_back_and_then_handed_over() -> None:
    store = MemoryResults()
    qa = service(store, knowledge(), ask_back_from=0.0)
    batch = [asked(UNKNOWN, id_=f"q{n}", offset=n) for n in range(2)]
    first, second = one_after_the_other(qa, store, batch)
    assert answer_in(first).outcome == "asked_back"
    assert sorted(answer_in(first).choices) == sorted(
        passage.question or passage.title for passage in PASSAGES
    )
    assert answer_in(second).outcome == "handed_over"


def test_the_same_question_again_is_not_given_the_same_answer() -> None:
    store = MemoryResults()
    batch = [asked(ORDER, id_="q1", offset=1), asked(f"{ORDER.upper()}??", id_="q2", offset=2)]
    first, again = one_after_the_other(service(store), store, batch)
    assert answer_in(first).outcome == "answered"
    assert answer_in(again).outcome == "asked_back"
    assert answer_in(again).text != answer_in(first).text


def test_two_questions_get_two_answers_each_with_its_source() -> None:
    (result,) = service().process([asked(f"both: {ORDER}? {FREEZE}?")])
    answer = answer_in(result)
    assert answer.outcome == "answered"
    assert PASSAGES[0].text in answer.text
    assert PASSAGES[1].text in answer.text
    assert [source.passage_id for source in answer.sources[:2]] == ["card-order", "card-freeze"]


def test_a_message_with_slips_is_read_without_them_too() -> None:
    class Slipping(ByBeginning):
        def read(self, messages: Sequence[str]) -> list[Reading]:
            return [
                Reading("wants_person", 0.8, {}) if "phsyical" in message else sure
                for message, sure in zip(messages, super().read(messages), strict=True)
            ]

    snapshot = Knowledge(
        artifact(), load_hashing, MemoryResults(), known_words=lambda _: frozenset({"how", "do"})
    )
    snapshot.apply({passage.id: passage for passage in PASSAGES})
    qa = service(snapshot=snapshot, acts=Slipping())
    (result,) = qa.process([asked("how do i order a phsyical card")])
    assert (answer_in(result).act, answer_in(result).outcome) == ("question", "answered")


def test_who_wants_no_colleague_is_answered_or_left_alone() -> None:
    (known,) = service().process([asked(f"no colleague please. {FREEZE}")])
    assert answer_in(known).outcome == "answered"
    (unknown,) = service().process([asked("no colleague, zebra")])
    assert answer_in(unknown).outcome == "acknowledged"


def test_a_bare_datum_is_neither_searched_nor_kept() -> None:
    store = MemoryResults()
    batch = [asked("password123!", id_="q1", offset=1), asked(PERSON, id_="q2", offset=2)]
    first, second = one_after_the_other(service(store), store, batch)
    assert answer_in(first).outcome == "acknowledged"
    handoff = handoff_in(second)
    assert handoff is not None
    assert "password123!" not in msgspec.json.encode(handoff).decode()
    assert all("password123!" not in turn.text for turn in read_turns(store, "s"))


def test_an_account_number_in_a_question_is_masked_in_what_is_kept() -> None:
    store = MemoryResults()
    text = f"{ORDER} for DE89 3704 0044 0532 0130 00"
    one_after_the_other(service(store), store, [asked(text)])
    assert "0532" not in read_turns(store, "s")[0].text


def test_who_writes_in_another_language_is_told_so_in_it() -> None:
    (result,) = service().process([asked("Wie kann ich einen Kredit für mein Haus bekommen?")])
    answer = answer_in(result)
    assert (answer.outcome, answer.act) == ("handed_over", None)
    assert answer.text == read_foreign_words().to_speaker_of("de", "en")
    assert handoff_in(result) is not None


def test_an_unsure_follow_up_is_searched_alone_too() -> None:
    store = MemoryResults()
    batch = [asked(ORDER, id_="q1", offset=1), asked("and a loan cost", id_="q2", offset=2)]
    qa = service(store, acts=ByBeginning(0.6))
    *_, after = one_after_the_other(qa, store, batch)
    assert answer_in(after).sources[0].passage_id == "loan-cost"


def test_no_turns_are_read_where_none_are_wanted() -> None:
    batch = [asked(ORDER, id_="q1"), asked("and how many days does that take?", id_="q2")]
    *_, after = service(turns=0).process(batch)
    assert answer_in(after).outcome == "asked_back"


TEXTS = st.sampled_from(
    [FREEZE, ORDER, PERSON, UNKNOWN, "and what does that cost?", "loan?", "why"]
)
BATCHES = st.lists(
    st.tuples(st.sampled_from("abc"), TEXTS, st.integers(1, 4)), min_size=1, max_size=8
)


@settings(max_examples=40)
@given(BATCHES)
def test_a_batch_equals_its_questions_one_after_the_other(questions) -> None:
    # Ids repeat here, within a session and across sessions, as careless senders' do.
    batch = [
        asked(text, session, f"q{number}", offset)
        for offset, (session, text, number) in enumerate(questions)
    ]
    snapshot = knowledge()
    together = service(MemoryResults(), snapshot).process(batch)
    store = MemoryResults()
    assert together == one_after_the_other(service(store, snapshot), store, batch)


def test_the_texts_of_different_sessions_are_encoded_together() -> None:
    snapshot = knowledge()
    calls: list[int] = []
    encode = snapshot.snapshot.index.encoder.encode
    snapshot.snapshot.index.encoder.encode = lambda texts: calls.append(len(texts)) or encode(texts)
    service(snapshot=snapshot).process(
        [asked(ORDER, "a", "1"), asked(FREEZE, "b", "2"), asked("and then?", "a", "3")]
    )
    # The questions of a and b, the four sentences that answer them, and a's second question: with
    # what it leans on, and alone.
    assert calls[:3] == [2, 4, 2]


def test_a_record_read_twice_leads_to_the_same_results() -> None:
    store = MemoryResults()
    batch = [
        asked(ORDER, id_="q1", offset=1),
        asked("and how many days does that take?", id_="q2", offset=2),
        asked(PERSON, id_="q3", offset=3),
    ]
    qa = service(store)
    first = one_after_the_other(qa, store, batch)
    assert qa.process(batch) == first
    assert [qa.process([received])[0] for received in batch] == first


class FailsOn(ByBeginning):
    """As an engine does that one text breaks."""

    def read(self, messages: Sequence[str]) -> list[Reading]:
        if any(message.startswith("breaks") for message in messages):
            raise RuntimeError("it breaks")
        return super().read(messages)


def test_each_answer_is_counted_once_though_its_batch_failed_and_was_halved() -> None:
    told: list[Answer] = []
    qa = service(acts=FailsOn(), told_of=told.append)
    batch = [asked(FREEZE, "a", "1"), asked(ORDER, "b", "2", 1), asked("breaks", "a", "3", 2)]
    pieces = list(in_pieces(qa.process, batch))
    assert [len(piece) for piece, _ in pieces] == [1, 1, 1]
    assert sorted(answer.question_id for answer in told) == ["1", "2"]


def test_the_same_question_id_in_two_sessions_makes_two_handoffs() -> None:
    one, other = service().process([asked(PERSON, "a", "1"), asked(PERSON, "b", "1")])
    handoffs = handoff_in(one), handoff_in(other)
    assert handoffs[0] is not None
    assert handoffs[1] is not None
    assert handoffs[0].id != handoffs[1].id


def test_another_model_takes_over_between_two_batches() -> None:
    snapshot = knowledge()
    qa = service(snapshot=snapshot)
    swapped_within = Swapping(snapshot)
    qa._clock = swapped_within
    first = qa.process([asked(ORDER, "a", "1"), asked(FREEZE, "b", "2"), asked("why?", "a", "3")])
    assert swapped_within.done
    assert {answer_in(result).model for result in first} == {"v1"}
    (after,) = qa.process([asked(ORDER)])
    assert answer_in(after).model == qa.model == "v2"
    assert answer_in(after).outcome == "answered"


class Swapping:
    """A clock that brings in another model the first time it is asked."""

    def __init__(self, snapshot):
        self.snapshot, self.done = snapshot, False

    def __call__(self):
        if not self.done:
            self.done = True
            self.snapshot.use(artifact("v2"))
        return AT


@pytest.mark.parametrize("text", ["", "  \n\t ", "\u2003"])
def test_a_question_without_words_is_rejected(text) -> None:
    with pytest.raises(RecordRejected, match="empty"):
        service().process([asked(text)])


def test_nothing_is_answered_before_the_knowledge_was_read() -> None:
    qa = service()
    qa._knowledge_read.clear()
    with pytest.raises(Unavailable, match="knowledge"):
        qa.process([asked(ORDER)])
    qa._knowledge_read.set()
    assert answer_in(qa.process([asked(ORDER)])[0]).outcome == "answered"


def test_an_empty_batch_leads_to_nothing() -> None:
    assert service().process([]) == []


def test_redis_away_is_told_as_such() -> None:
    class Away(MemoryResults):
        def tail(self, key, count):
            raise RedisUnavailable("away")

    with pytest.raises(RedisUnavailable):
        service(Away()).process([asked(ORDER)])


def test_what_is_written_can_be_read_by_the_page() -> None:
    store = MemoryResults()
    batch = [asked(ORDER, id_="q1", offset=1), asked(PERSON, id_="q2", offset=2)]
    results = one_after_the_other(service(store), store, batch)
    assert read_answer(store, "s", "q1") == answer_in(results[0])
    assert read_outcomes(store) == {"answered": 1, "handed_over": 1}
    assert [turn.role for turn in read_turns(store, "s")] == ["customer", "bot"] * 2


def test_the_longest_conversation_still_fits_a_broker() -> None:
    long = [Passage(id=f"p{n}", text=f"{n} " + "card € " * 7_000) for n in range(5)]
    store = MemoryResults()
    batch = [asked("card " * 1_600, id_=f"q{n}", offset=n) for n in range(20)]
    batch.append(asked("talk to a human " + "€" * 7_900, id_="last", offset=99))
    *_, last = one_after_the_other(service(store, knowledge(long), candidates=5), store, batch)
    assert all(len(msgspec.json.encode(out.message)) < 1_000_000 for out in last.messages)


def test_repeats_of_one_text_are_one_source() -> None:
    twins = [PASSAGES[0], msgspec.structs.replace(PASSAGES[0], id="twin"), PASSAGES[2]]
    (result,) = service(snapshot=knowledge(twins)).process([asked(ORDER)])
    texts = [source.text for source in answer_in(result).sources]
    assert len(texts) == len(set(texts)) == 2


def test_a_conversation_is_kept_as_long_as_set() -> None:
    (result,) = service(conversation_days=30).process([asked(ORDER)])
    times = {write.ttl_s for write in result.writes if isinstance(write, Put | Append)}
    assert times == {30 * 24 * 60 * 60}


def test_of_two_opposite_passages_the_newer_counts_less_surely_and_it_is_told() -> None:
    question = "Can I order a physical card?"
    old = Passage(id="old", question=question, text="Yes, you can order a physical card.")
    new = Passage(id="new", question=question, text="No, you cannot order a physical card.")
    told: list[str] = []
    qa = service(
        snapshot=knowledge([old, new]),
        contradicted=lambda found: told.append(f"{found.newer.id} {found.older.id}"),
        ask_back_from=1.0,
    )
    (alone,) = service(snapshot=knowledge([new])).process([asked(question)])
    (result,) = qa.process([asked(question)])
    assert told == ["new old"]
    assert answer_in(result).confidence <= 0.5 * answer_in(alone).confidence + 1e-9
    handoff = handoff_in(result)
    assert handoff is None or handoff.candidates[0].passage_id == "new"
