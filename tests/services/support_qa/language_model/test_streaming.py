"""Answers that show while they come, from a model's stream to what whoever watches reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic

import pytest
from prometheus_client import CollectorRegistry

from services.support_qa.language_model.answering import AnswerWording
from services.support_qa.language_model.metrics import WordingMetrics
from services.support_qa.language_model.showing import ShownParts
from services.support_qa.processor import SupportQa
from tests.language_model.chat_server import (
    DONE,
    ChatServer,
    completion,
    event,
    said,
    streamed,
)
from tests.services.support_qa.snapshots import AT, PASSAGES, answer_in, asked, service, stored
from textwire.errors import RedisUnavailable
from textwire.language_model.asking import LanguageModel
from textwire.language_model.endpoint import Endpoint
from textwire.language_model.settings import LanguageModelSettings
from textwire.observing.health import Health
from textwire.results.memory import MemoryResults
from textwire.support_qa.messages import Answer
from textwire.support_qa.parts import AnswerPart, part_writes, read_parts, read_parts_of

ORDER = "how do i order a physical card"
FREEZE = "how do i freeze my lost card"
TAP, TAKES = "Just tap Card, then Order.", "Delivery takes 4 to 7 working days."
WITHIN_S = 20.0


class RecordingParts(ShownParts):
    """Keeps every part that was shown."""

    def __init__(self, store: MemoryResults) -> None:
        super().__init__(store, kept_s=10)
        self.all_shown: list[AnswerPart] = []

    def show(self, part: AnswerPart) -> None:
        self.all_shown.append(part)
        super().show(part)


@dataclass
class Streaming:
    """A processor whose answers show while they come."""

    chat: ChatServer
    store: MemoryResults = field(default_factory=MemoryResults)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    models: list[LanguageModel] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parts = RecordingParts(self.store)
        self.metrics = WordingMetrics(self.registry, Health())

    def service(self, timeout_s: float = WITHIN_S) -> SupportQa:
        settings = LanguageModelSettings(url=self.chat.url, model="small")
        model = LanguageModel(
            Endpoint(settings, lambda: AT), timeout_s, 4, first_token=self.metrics.first_token
        )
        self.models.append(model)
        return service(
            store=self.store, wording=AnswerWording(model, "small", self.metrics, self.parts)
        )

    def ask(self, text: str = ORDER, **how: float) -> Answer:
        received = asked(text)
        (result,) = self.service(**how).process([received])
        stored(self.store, received, result)
        return answer_in(result)

    @property
    def texts(self) -> list[str]:
        return [part.text for part in self.parts.all_shown]


@pytest.fixture
def streaming(chat: ChatServer) -> Iterator[Streaming]:
    made = Streaming(chat)
    yield made
    for model in made.models:
        model.close()


def test_sentences_show_as_they_come_and_the_answer_begins_with_them(streaming: Streaming) -> None:
    streaming.chat.says(f"{TAP} The moon is made of cheese. {TAKES} Metal cards are best.")
    answer = streaming.ask()
    assert streaming.texts == [TAP, f"{TAP} {TAKES}"]
    assert answer.text == f"{TAP} {TAKES} [1]"


def test_whoever_watches_reads_a_sentence_while_the_next_one_comes(streaming: Streaming) -> None:
    goes_on = Event()
    streaming.chat.pieces = [
        said(f"{TAP} Del"),
        goes_on,
        said("ivery takes 4 to 7 working days."),
        event({"delta": {}, "finish_reason": "stop"}),
    ]
    answers: list[Answer] = []
    asking = Thread(target=lambda: answers.append(streaming.ask()))
    asking.start()
    until = monotonic() + WITHIN_S
    while not (shown := read_parts(streaming.store, "s")) and monotonic() < until:
        streaming.parts.look()
    assert shown["q1"].text == TAP
    assert read_parts_of(streaming.store, ["other", "s"]) == [shown["q1"]]
    goes_on.set()
    asking.join(WITHIN_S)
    assert answers[0].text == f"{TAP} {TAKES} [1]"
    assert read_parts(streaming.store, "s") == {}


def test_a_part_that_is_late_leaves_the_answer_as_it_is(streaming: Streaming) -> None:
    streaming.chat.says(TAP)
    answer = streaming.ask()
    late = AnswerPart(question_id="q1", session_id="s", text="Late.")
    before = streaming.store.get("support:answer:s:q1")
    streaming.store.write(part_writes([late], 10))
    assert streaming.store.get("support:answer:s:q1") == before
    assert answer.text == f"{TAP} [1]"


def test_what_was_shown_stays_when_the_time_is_over_and_the_passage_goes_on(
    streaming: Streaming,
) -> None:
    streaming.chat.pieces = [said(f"{TAP} It is"), Event()]
    answer = streaming.ask(timeout_s=2.0)
    streaming.chat.pieces[1].set()  # type: ignore[union-attr]
    assert streaming.texts == [TAP]
    assert answer.text == f"{TAP} {TAKES} [1]"
    assert answer.worded_by == "small"
    assert PASSAGES[0].text.startswith("Tap Card, then Order.")
    assert answer.sources[0].cited == ("Tap Card, then Order.", TAKES)


@pytest.mark.parametrize(
    "end",
    [
        [],  # it breaks off
        [b"data: {not json\n\n"],
        [b'data: {"error": {"message": "out of memory"}}\n\n'],
        [event({"delta": {"refusal": "I cannot."}, "finish_reason": None})],
        [said(" The moon is red. The sun is far. Mars is cold. End.")],
    ],
)
def test_whatever_breaks_it_off_what_was_shown_stays(
    streaming: Streaming, end: list[bytes]
) -> None:
    streaming.chat.pieces = [said(f"{TAP} And"), *end]
    answer = streaming.ask()
    assert streaming.texts == [TAP]
    assert answer.text == f"{TAP} {TAKES} [1]"


def test_before_anything_was_shown_a_broken_stream_leaves_the_passages_words(
    streaming: Streaming,
) -> None:
    streaming.chat.pieces = [said("Just tap Card, then Or")]
    answer = streaming.ask()
    assert (answer.text, answer.worded_by) == (f"{PASSAGES[0].text} [1]", None)
    assert streaming.texts == []


def test_nothing_of_an_unsupported_or_empty_reply_ever_shows(streaming: Streaming) -> None:
    for text in ("You get 500 euros. It is a gift. Enjoy it.", "NOTHING", "NOTHING. Sorry. Bye."):
        streaming.chat.says(text)
        assert streaming.ask().worded_by is None
    assert streaming.texts == []


def test_a_part_of_two_customers_who_ask_alike_shows_to_both(streaming: Streaming) -> None:
    streaming.chat.says(f"{TAP} {TAKES}")
    streaming.service().process([asked(ORDER, "a", "1"), asked(ORDER, "b", "2")])
    assert {(part.session_id, part.text) for part in streaming.parts.all_shown} == {
        ("a", TAP), ("b", TAP)
    }  # fmt: skip
    assert len(streaming.chat.asked) == 1


def test_a_server_that_does_not_stream_is_read_whole(streaming: Streaming) -> None:
    streaming.chat.body = completion(f"{TAP} {TAKES}")
    assert streaming.ask().text == f"{TAP} {TAKES} [1]"
    assert streaming.texts == []


def test_figures_tell_when_the_first_token_and_the_first_sentence_came(
    streaming: Streaming,
) -> None:
    streaming.chat.says(f"{TAP} {TAKES}")
    streaming.ask()
    for name in ("first_token", "first_sentence"):
        counted = streaming.registry.get_sample_value(f"textwire_support_{name}_seconds_count")
        assert counted == 1


def test_comments_counts_and_a_missing_end_are_no_trouble(streaming: Streaming) -> None:
    streaming.chat.pieces = [b": PROCESSING\n\n", *streamed(TAP)[:-1]]
    assert streaming.ask().text == f"{TAP} [1]"
    streaming.chat.pieces = [*streamed(TAKES, finish=None), DONE]
    assert streaming.ask(FREEZE).worded_by is None


class Away(MemoryResults):
    """A store that is away."""

    def write(self, writes: object) -> None:
        raise RedisUnavailable("It is away.")


def test_where_redis_is_away_parts_are_lost_and_nothing_waits_for_it() -> None:
    parts = ShownParts(Away(), kept_s=10)
    parts.show(AnswerPart(question_id="q", session_id="s", text=TAP))
    with pytest.raises(RedisUnavailable):
        parts.look()
    began = monotonic()
    parts.look()
    assert monotonic() - began < WITHIN_S


def test_what_has_its_answer_is_not_shown_any_more() -> None:
    store = MemoryResults()
    parts = ShownParts(store, kept_s=10)
    parts.show(AnswerPart(question_id="q", session_id="s", text=TAP))
    parts.over([("s", "q")])
    parts.look()
    assert read_parts(store, "s") == {}
