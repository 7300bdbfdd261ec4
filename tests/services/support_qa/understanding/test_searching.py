import numpy as np

from services.support_qa.understanding.searching import Search, encode_searches
from tests.encoders import HashingEncoder, WordHashingEncoder

ENCODER = HashingEncoder("v1")
BEFORE, OWN = "how do i open a fixed term", "can i get out of it early"
TOGETHER = f"{BEFORE}\n{OWN}"


def test_what_stands_alone_lies_where_its_text_does() -> None:
    (vector,) = encode_searches([Search(OWN)], ENCODER).vectors
    assert np.allclose(vector, ENCODER.encode([OWN])[0])


def test_what_leans_lies_between_its_own_words_and_all_of_it_and_nearer_to_that() -> None:
    (leaning,) = encode_searches([Search(OWN, TOGETHER)], ENCODER).vectors
    own, together = ENCODER.encode([OWN, TOGETHER])
    assert together @ leaning > own @ leaning > own @ together
    assert np.isclose(np.linalg.norm(leaning), 1)


def test_several_lie_where_each_does() -> None:
    searches = [Search(BEFORE), Search(TOGETHER, OWN), Search(OWN)]
    each = [encode_searches([search], ENCODER).vectors[0] for search in searches]
    assert np.allclose(encode_searches(searches, ENCODER).vectors, each)


def test_the_longer_reading_is_the_whole() -> None:
    assert Search(OWN, TOGETHER).whole == Search(TOGETHER, OWN).whole == TOGETHER
    assert Search(OWN).whole == OWN


def test_an_encoder_of_words_gives_them_for_each_reading_in_the_same_go() -> None:
    encoder = WordHashingEncoder()
    searches = [Search(OWN), Search(OWN, TOGETHER)]
    vectors, readings = encode_searches(searches, encoder, encoder)
    assert np.allclose(vectors, encode_searches(searches, encoder).vectors)
    assert readings is not None
    assert [[reading.text for reading in of_search] for of_search in readings] == [
        [OWN],
        [OWN, TOGETHER],
    ]
    assert encoder.read == [OWN, OWN, TOGETHER]
    assert encode_searches(searches, encoder).readings is None
