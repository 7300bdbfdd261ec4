from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis.strategies import text

from dashboards.support_qa.held_addresses import HeldAddresses

HELD = HeldAddresses("a secret of thirty-two characters")


@given(session_id=text(), browser=text(), other=text())
def test_an_address_opens_its_conversation_in_its_browser_and_in_no_other(
    session_id, browser, other
) -> None:
    address = HELD.address_of(session_id, browser)
    assert HELD.session_in(address, browser) == session_id
    assert HELD.session_in(address, other) == (session_id if other == browser else None)


@given(forged=text())
def test_a_forged_address_opens_nothing(forged) -> None:
    assert HELD.session_in(forged, "a browser") is None


@pytest.mark.parametrize("at", range(0, 60, 7))
def test_an_address_with_one_sign_changed_opens_nothing(at) -> None:
    address = HELD.address_of("1f6b6d1d4bb94cc8a8d4", "a browser")
    changed = address[:at] + ("A" if address[at] != "A" else "B") + address[at + 1 :]
    assert HELD.session_in(changed, "a browser") is None


def test_an_address_of_another_secret_opens_nothing() -> None:
    other = HeldAddresses("another secret, as long as that one")
    assert HELD.session_in(other.address_of("s1", "a browser"), "a browser") is None
