from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.gateway.recent import Recent


@given(st.lists(st.integers(0, 20)), st.integers(1, 10))
def test_what_is_remembered_is_new_once(seen, most) -> None:
    recent: Recent[int] = Recent(most)
    order: list[int] = []
    for one in seen:
        assert recent.add(one) == (one not in order[-most:])
        if one not in order[-most:]:
            order.append(one)


def test_what_is_forgotten_is_new_again() -> None:
    recent: Recent[str] = Recent(2)
    assert recent.add("a")
    recent.discard("a")
    assert recent.add("a")
