from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from textwire.wire.record import Partition, Record

numbers = st.integers(0, 12)
places = st.tuples(
    st.sampled_from(["words", "words.more"]),
    numbers,
    numbers,
    st.integers(-1, 12),
    st.sampled_from(["", "1f7c3f0e-0000-4000-8000-000000000001", "1f7c3f0e-0000-4000-8000-02"]),
)
Place = tuple[str, int, int, int, str]


def at(place: Place) -> Record:
    topic, number, offset, epoch, topic_id = place
    partition = Partition(topic, number)
    return Record(partition, offset, None, None, leader_epoch=epoch, topic_id=topic_id)


def test_of_a_record_of_which_no_more_is_known_the_offset_tells() -> None:
    assert Record(Partition("words", 3), 17, None, None).id == "words-3-17"


@given(places, places)
def test_records_share_an_id_only_where_they_share_the_place_and_the_topic(
    one: Place, other: Place
) -> None:
    """Also where a log was cut off and its offsets came again, or a topic was made anew."""
    assert (at(one).id == at(other).id) == (one == other)
