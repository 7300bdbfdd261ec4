from __future__ import annotations

from dataclasses import replace

from dashboards.signing_in.viewer import ViewerCookies
from textwire.access.password_file import Person

ADA = Person("ada", frozenset({"analyst"}), "$argon2id$1")
COOKIES = ViewerCookies("a secret of thirty-two characters", days=1)


def test_a_cookie_tells_who_signed_in_and_what_they_may_now() -> None:
    cookie = COOKIES.cookie_of(ADA)
    promoted = replace(ADA, roles=frozenset({"operator"}))
    viewer = COOKIES.viewer_of(cookie, {"ada": promoted})
    assert viewer is not None
    assert viewer.may("analyst")
    assert viewer.may("agent")


def test_a_cookie_ends_with_the_password_or_the_person() -> None:
    cookie = COOKIES.cookie_of(ADA)
    assert COOKIES.viewer_of(cookie, {}) is None
    assert COOKIES.viewer_of(cookie, {"ada": replace(ADA, password_hash="$argon2id$2")}) is None


def test_a_cookie_of_another_secret_or_of_long_ago_is_nobodys() -> None:
    people = {"ada": ADA}
    other = ViewerCookies("another secret, as long as that one", days=1)
    assert COOKIES.viewer_of(other.cookie_of(ADA), people) is None
    past = ViewerCookies("a secret of thirty-two characters", days=-1)
    assert past.viewer_of(COOKIES.cookie_of(ADA), people) is None


def test_what_is_no_cookie_of_ours_is_nobodys() -> None:
    for cookie in (None, "", "ada", "a.b.c", "WzFd.x.y", "\udcff"):
        assert COOKIES.viewer_of(cookie, {"ada": ADA}) is None


def test_what_a_browser_keeps_tells_nothing_of_the_password() -> None:
    assert "argon2" not in COOKIES.cookie_of(ADA)
