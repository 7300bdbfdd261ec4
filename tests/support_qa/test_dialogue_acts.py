from pathlib import Path

import numpy as np
import pytest

from textwire.errors import ArtifactError
from textwire.models.engines.classifier import Classified
from textwire.models.engines.tokenizing import TokenReader
from textwire.support_qa.dialogue_acts import (
    ACTS,
    BETWEEN,
    MESSAGE_CHARACTERS,
    UNREAD,
    ActReader,
    Said,
    message_in_context,
)


class Columns:
    """A classifier that puts all on one label."""

    name = "columns"

    def __init__(self, labels: tuple[str, ...], topics: tuple[str, ...] = ()) -> None:
        self.labels, self.topics = labels, topics

    def classify(self, texts):
        labels = np.full((len(texts), len(self.labels)), 0.1, dtype=np.float32)
        labels[:, 1] = 0.8
        return Classified(labels, np.full((len(texts), len(self.topics)), 0.3, dtype=np.float32))


def test_a_message_is_read_with_the_reply_before_it_and_what_that_was_to() -> None:
    before = [Said(True, "can I cancel?"), Said(False, "Yes. Shall I?")]
    assert message_in_context("no", before) == f"no{BETWEEN}Yes. Shall I? | can I cancel?"
    assert message_in_context("no", []) == "no"


def test_a_message_after_one_of_the_customers_own_has_no_reply_before_it() -> None:
    assert message_in_context("hello?", [Said(True, "help")]) == f"hello?{BETWEEN} | help"


def test_a_long_message_keeps_its_beginning_and_its_end() -> None:
    read = message_in_context("begins " + "x" * 5_000 + " ends", [])
    assert read.startswith("begins")
    assert read.endswith("ends")
    assert len(read) < MESSAGE_CHARACTERS + 10


def test_a_customer_cannot_write_the_mark_between_texts() -> None:
    assert BETWEEN not in message_in_context("a [SEP] b", [])


def test_the_likeliest_label_is_the_act_and_topics_are_its_parts() -> None:
    (reading,) = ActReader(Columns(ACTS, ("question", "thanks"))).read(["x"])
    assert reading.act == ACTS[1]
    assert reading.probability == pytest.approx(0.8)
    assert reading.parts == pytest.approx({"question": 0.3, "thanks": 0.3})


def test_a_message_in_letters_that_the_model_does_not_know_is_a_question(tiny_base: Path) -> None:
    reader = ActReader(Columns(ACTS), TokenReader(tiny_base / "tokenizer.json", 32))
    before = [Said(True, "my card"), Said(False, "Is it lost?")]
    messages = [message_in_context(text, before) for text in ("银行卡丢了", "lost", "")]
    assert [one.act for one in reader.read(messages)] == ["question", ACTS[1], ACTS[1]]
    assert reader.read(messages)[0] == UNREAD


@pytest.mark.parametrize("labels", [(), ("positive", "negative"), ACTS[1:]])
def test_a_model_that_tells_something_else_is_refused(labels: tuple[str, ...]) -> None:
    with pytest.raises(ArtifactError, match="dialogue-acts run"):
        ActReader(Columns(labels))
