import numpy as np

from services.support_qa.understanding.searching import Search, search_vectors
from tests.encoders import HashingEncoder

ENCODER = HashingEncoder("v1")
BEFORE, OWN = "how do i open a fixed term", "can i get out of it early"
TOGETHER = f"{BEFORE}\n{OWN}"


def test_what_stands_alone_lies_where_its_text_does() -> None:
    (vector,) = search_vectors([Search(OWN)], ENCODER)
    assert np.allclose(vector, ENCODER.encode([OWN])[0])


def test_what_leans_lies_halfway_between_its_own_words_and_all_of_it() -> None:
    (leaning,) = search_vectors([Search(OWN, TOGETHER)], ENCODER)
    own, together = ENCODER.encode([OWN, TOGETHER])
    assert np.isclose(own @ leaning, together @ leaning)
    assert own @ leaning > own @ together
    assert np.isclose(np.linalg.norm(leaning), 1)


def test_several_lie_where_each_does() -> None:
    searches = [Search(BEFORE), Search(TOGETHER, OWN), Search(OWN)]
    each = [search_vectors([search], ENCODER)[0] for search in searches]
    assert np.allclose(search_vectors(searches, ENCODER), each)


def test_the_longer_reading_is_the_whole() -> None:
    assert Search(OWN, TOGETHER).whole == Search(TOGETHER, OWN).whole == TOGETHER
    assert Search(OWN).whole == OWN
