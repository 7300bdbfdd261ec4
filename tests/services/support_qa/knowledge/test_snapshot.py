from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import msgspec
import pytest

from services.support_qa.knowledge.snapshot import Knowledge
from tests.encoders import HashingEncoder
from tests.services.support_qa.snapshots import AT, PASSAGES, artifact, knowledge, load_hashing
from tests.stream.made import record
from textwire.errors import ArtifactError, RedisUnavailable
from textwire.models.artifacts.manifest import Calibration
from textwire.models.engines.encoder import Encoder
from textwire.results.memory import MemoryResults
from textwire.stream.tables.applying import RowApplier
from textwire.stream.tables.rows import Row
from textwire.support_qa.messages import Passage

NEW = Passage(id="pot", text="A pot earns interest.")


def ids(known: Knowledge) -> set[str]:
    return set(known.snapshot.index.by_id)


def test_changes_put_replace_and_remove() -> None:
    known = knowledge()
    changed = msgspec.structs.replace(PASSAGES[0], text="Another text.")
    known.apply({"pot": NEW, "card-order": changed, "loan-cost": None, "never-there": None})
    assert ids(known) == {"card-order", "card-freeze", "pot"}
    assert known.snapshot.index.by_id["card-order"] == changed


def test_a_desk_in_use_stays_as_it_was() -> None:
    known = knowledge()
    snapshot = known.snapshot
    known.apply({"pot": NEW, "card-order": None})
    assert len(snapshot.index) == 3
    assert snapshot.index.search(["order a physical card"])[0][0].passage == PASSAGES[0]


def test_a_passage_that_says_the_same_is_not_indexed_again() -> None:
    known = knowledge()
    before = known.snapshot.index
    known.apply({passage.id: passage for passage in PASSAGES})
    assert known.snapshot.index is before


def test_a_passage_that_breaks_the_encoder_costs_itself_alone() -> None:
    class Breaking(HashingEncoder):
        def encode(self, texts):
            if any("poison" in text for text in texts):
                raise ValueError("cannot be embedded")
            return super().encode(texts)

    known = knowledge(load=lambda model: Breaking(model.manifest.version))
    changed = msgspec.structs.replace(PASSAGES[0], text="poison")
    said = [NEW, changed, msgspec.structs.replace(PASSAGES[1], text="changed")]
    rows = [Row(passage.id, passage, record(offset)) for offset, passage in enumerate(said)]
    [rejected] = RowApplier(known.apply).apply(rows)
    assert rejected.message == changed
    stand = {passage.id: passage for passage in (*PASSAGES, NEW, said[2])}
    assert dict(known.snapshot.index.by_id) == stand
    assert known.snapshot.index.search(["order a physical card"])[0][0].passage == PASSAGES[0]


def test_another_model_gets_all_passages() -> None:
    known = knowledge()
    known.use(artifact("v2", answer=0.9))
    assert (known.snapshot.version, known.snapshot.threshold) == ("v2", 0.9)
    assert ids(known) == {passage.id for passage in PASSAGES}
    assert known.snapshot.index.encoder.name == "v2"


def test_passages_that_change_while_a_model_is_loaded_are_not_lost() -> None:
    loading, go_on = Event(), Event()

    def slowly(model) -> Encoder:
        if model.manifest.version == "v2":
            loading.set()
            assert go_on.wait(10)
        return load_hashing(model)

    class EncodingSlowly(HashingEncoder):
        def encode(self, texts):
            if self.name == "v3":
                loading.set()
                assert go_on.wait(10)
            return super().encode(texts)

    for version, load in (("v2", slowly), ("v3", lambda a: EncodingSlowly(a.manifest.version))):
        loading.clear()
        go_on.clear()
        known = knowledge(load=load)
        swap = Thread(target=known.use, args=(artifact(version),))
        swap.start()
        assert loading.wait(10)
        known.apply({"pot": NEW, "loan-cost": None})
        assert (known.snapshot.version, ids(known)) == ("v1", {"card-order", "card-freeze", "pot"})
        go_on.set()
        swap.join(10)
        assert (known.snapshot.version, ids(known)) == (
            version,
            {"card-order", "card-freeze", "pot"},
        )


@pytest.mark.parametrize(
    "model",
    [
        artifact("v2", calibration=None),
        artifact("v2", other=0.5),
        artifact("v2", calibration=Calibration(("charm",), (1.0,), 0.0)),
    ],
    ids=["calibration", "threshold", "features"],
)
def test_a_model_that_cannot_tell_when_to_answer_is_refused_and_the_old_one_stays(model) -> None:
    known = knowledge()
    before = known.snapshot
    with pytest.raises(ArtifactError, match="pipelines support-qa run"):
        known.use(model)
    assert known.snapshot is before


def test_what_was_embedded_before_is_not_embedded_again() -> None:
    vectors = MemoryResults()
    made: list[HashingEncoder] = []

    def load(model) -> Encoder:
        made.append(HashingEncoder(model.manifest.version))
        return made[-1]

    knowledge(vectors=vectors, load=load)
    restarted = knowledge(vectors=vectors, load=load)
    assert len(made[0].encoded) == 2 * len(PASSAGES)  # headings and texts
    assert made[1].encoded == []
    assert restarted.snapshot.index.search(["order a physical card"])[0][0].passage == PASSAGES[0]


def test_questions_are_not_kept_among_the_vectors() -> None:
    vectors = MemoryResults()
    known = knowledge(vectors=vectors)
    before = dict(vectors._held)
    known.snapshot.index.search(["something private"])
    assert vectors._held == before


def test_when_the_memory_of_vectors_is_away_nothing_changes_and_it_can_be_tried_again() -> None:
    class SometimesAway(MemoryResults):
        away = False

        def get_many(self, keys):
            if self.away:
                raise RedisUnavailable("away")
            return super().get_many(keys)

    vectors = SometimesAway()
    known = knowledge(vectors=vectors)
    vectors.away = True
    with pytest.raises(RedisUnavailable):
        known.apply({"pot": NEW})
    assert "pot" not in ids(known)
    vectors.away = False
    known.apply({"pot": NEW})
    assert "pot" in ids(known)


def test_a_threshold_of_ones_own_outlives_a_change_of_model() -> None:
    known = Knowledge(artifact(), load_hashing, MemoryResults(), threshold=0.123)
    known.use(replace(artifact("v2")))
    assert known.snapshot.threshold == 0.123


def test_a_passage_outside_its_dates_is_not_found_under_any_model() -> None:
    now = [AT]
    known = Knowledge(artifact(), load_hashing, MemoryResults(), clock=lambda: now[0])
    offer = Passage(id="offer", text="An offer of this week.", valid_until=AT + timedelta(days=1))
    known.apply({"offer": offer, "pot": NEW})

    def found() -> set[str]:
        return {c.passage.id for c in known.snapshot.index.search(["an offer of this week"])[0]}

    assert found() == {"offer", "pot"}
    now[0] = AT + timedelta(days=1)
    assert found() == {"pot"}
    known.use(artifact("v2"))
    assert found() == {"pot"}
