from __future__ import annotations

import pytest

from dashboards.config import DashboardSettings
from dashboards.signing_in.access import PeopleFile, cookies_of, require_allowed
from dashboards.signing_in.browser_marks import BrowserMarks
from dashboards.signing_in.doorkeeping import Doorkeeper
from dashboards.signing_in.guarding import guard_of
from textwire.access.password_file import Person, write_people
from textwire.errors import SettingsError

ELSEWHERE = "192.0.2.1"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_on_loopback_the_pages_may_be_open(host) -> None:
    require_allowed(DashboardSettings(), host)
    guard = guard_of(DashboardSettings(sign_in_secret="s" * 32), host)
    assert guard.routes == []
    assert [one.cls for one in guard.middleware] == [BrowserMarks]


@pytest.mark.parametrize("host", [ELSEWHERE, "", "::"])
def test_elsewhere_they_are_not_unless_somebody_says_so(host) -> None:
    with pytest.raises(SettingsError, match="textwire people add"):
        require_allowed(DashboardSettings(), host)
    require_allowed(DashboardSettings(sign_in="passwords"), host)
    require_allowed(DashboardSettings(open_beyond_loopback=True), host)


def test_a_sign_in_without_people_is_told_at_the_start(tmp_path) -> None:
    settings = DashboardSettings(
        sign_in="passwords", people=tmp_path / "people", sign_in_secret="s" * 32
    )
    with pytest.raises(SettingsError, match="textwire people add"):
        guard_of(settings, ELSEWHERE)
    write_people(tmp_path / "people", {"ada": Person("ada", frozenset({"agent"}), "$argon2id$x")})
    middleware = guard_of(settings, ELSEWHERE).middleware
    assert [one.cls for one in middleware] == [Doorkeeper, BrowserMarks]


def test_a_secret_that_is_too_short_is_refused() -> None:
    with pytest.raises(SettingsError, match="SIGN_IN_SECRET has 5"):
        cookies_of(DashboardSettings(sign_in_secret="short"))


def test_people_are_read_anew_when_their_file_has_changed(tmp_path) -> None:
    path = tmp_path / "people"
    ada = Person("ada", frozenset({"agent"}), "$argon2id$x")
    write_people(path, {"ada": ada})
    people = PeopleFile(path)
    assert people() == {"ada": ada}
    assert people() is people()
    write_people(path, {})
    assert people() == {}
    path.unlink()
    with pytest.raises(SettingsError):
        people()
