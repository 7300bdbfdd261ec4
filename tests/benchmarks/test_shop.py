from itertools import islice

import numpy as np

from benchmarks.shop import NoisyCopies, Shoppers, composed_items, shop_items
from textwire.recommendations.messages import BehaviourEvent


def test_a_composed_catalogue_has_different_items():
    items = composed_items(shop_items(), 2_000)
    assert len({item.id for item in items}) == 2_000
    assert len({item.text for item in items}) == 2_000


def test_noisy_copies_lie_near_their_originals_however_they_are_asked_for():
    originals = np.eye(8, 384, dtype=np.float32)
    copies = NoisyCopies("task/version/int8", originals)
    vectors = np.concatenate([copies.encode(["text"] * 5), copies.encode(["text"] * 11)])
    cosines = (vectors * np.concatenate([originals, originals])).sum(axis=1)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert 0.8 < cosines.min() < cosines.max() < 0.97


def test_events_are_numbered_for_each_user():
    sent = list(islice(Shoppers(3).events(), 7))
    users = [sending.message.user_id for sending in sent if _is_event(sending.message)]
    assert len(set(users)) == 3
    assert [sending.id.rsplit("#")[1] for sending in sent] == ["1", "1", "1", "2", "2", "2", "3"]
    assert all(s.id.startswith(user) for s, user in zip(sent, users, strict=True))


def _is_event(message: object) -> bool:
    return isinstance(message, BehaviourEvent)
