from __future__ import annotations

import pytest

from services.gateway.problems import Problem
from services.gateway.sessions import SessionTokens

SECRET = "a secret of thirty-two characters"


def test_a_token_opens_the_session_that_it_was_given_for() -> None:
    tokens = SessionTokens(SECRET, days=1)
    begun = [tokens.begin() for _ in range(3)]
    assert len({session for session, _ in begun}) == 3
    assert all(tokens.session_of(token) == session for session, token in begun)


def test_a_token_of_another_secret_opens_nothing() -> None:
    _, token = SessionTokens("another secret, as long as that one", days=1).begin()
    with pytest.raises(Problem) as refused:
        SessionTokens(SECRET, days=1).session_of(token)
    assert refused.value.status == 401


def test_a_token_that_was_tampered_with_opens_nothing() -> None:
    _, token = SessionTokens(SECRET, days=1).begin()
    for at in range(0, len(token), 7):
        other = "A" if token[at] != "A" else "B"
        with pytest.raises(Problem):
            SessionTokens(SECRET, days=1).session_of(token[:at] + other + token[at + 1 :])


def test_an_old_token_is_told_that_its_session_is_over() -> None:
    _, token = SessionTokens(SECRET, days=1).begin()
    with pytest.raises(Problem, match="over"):
        SessionTokens(SECRET, days=-1).session_of(token)
