from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.gateway.problems import Problem
from services.gateway.sessions import SECRET_FILE, SessionTokens, kept_secret
from textwire.errors import SettingsError

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


def test_replicas_of_one_folder_draw_one_secret_which_its_owner_alone_can_read(tmp_path) -> None:
    folder = tmp_path / "data"
    with ThreadPoolExecutor(8) as pool:
        drawn = set(pool.map(kept_secret, [folder] * 8))
    assert len(drawn) == 1
    assert len(drawn.pop()) >= 32
    assert stat.S_IMODE((folder / SECRET_FILE).stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == [SECRET_FILE]


def test_a_folder_that_cannot_be_written_says_what_to_set(tmp_path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="TEXTWIRE_GATEWAY_SESSION_SECRET"):
        kept_secret(tmp_path / "file")
