from __future__ import annotations

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.access.password_file import (
    Person,
    is_name,
    new_person,
    read_people,
    signed_in,
    write_people,
)
from textwire.access.roles import ROLES, may
from textwire.errors import SettingsError

PASSWORD = "correct horse battery"
names = st.text(min_size=1, max_size=30).filter(is_name)
roles = st.sets(st.sampled_from(ROLES), min_size=1).map(frozenset)


def test_who_has_the_password_signs_in_and_nobody_else() -> None:
    people = {"ada": new_person("ada", frozenset({"analyst"}), PASSWORD)}
    assert signed_in(people, "ada", PASSWORD) == people["ada"]
    for name, password in (("ada", "wrong"), ("ada", ""), ("bob", PASSWORD), ("", "")):
        assert signed_in(people, name, password) is None


def test_neither_the_file_nor_a_log_holds_the_password(tmp_path) -> None:
    person = new_person("ada", frozenset({"agent"}), PASSWORD)
    write_people(tmp_path / "people", {"ada": person})
    assert PASSWORD not in (tmp_path / "people").read_text()
    assert person.password_hash not in repr(person)


@given(st.dictionaries(names, roles, max_size=5))
def test_what_is_written_is_read_again(tmp_path_factory, held) -> None:
    path = tmp_path_factory.mktemp("people") / "people"
    people = {name: Person(name, of, "$argon2id$x") for name, of in held.items()}
    write_people(path, people)
    assert read_people(path) == people


def test_the_file_is_its_owners_alone(tmp_path) -> None:
    write_people(tmp_path / "new" / "people", {})
    assert stat.S_IMODE((tmp_path / "new" / "people").stat().st_mode) == 0o600


def test_comments_and_empty_lines_say_nothing(tmp_path) -> None:
    (tmp_path / "people").write_text("# the desk\n\nada:agent,analyst:$argon2id$x\n")
    assert read_people(tmp_path / "people")["ada"].roles == {"agent", "analyst"}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("ada", "line 2"),
        ("ada:agent:plain text", "line 2"),
        (":agent:$argon2id$x", "line 2"),
        ("ada:king:$argon2id$x", "'king' is no role"),
        ("ada::$argon2id$x", "'' is no role"),
    ],
)
def test_a_line_that_is_none_is_named(tmp_path, line, told) -> None:
    (tmp_path / "people").write_text(f"# people\n{line}\n")
    with pytest.raises(SettingsError, match=told):
        read_people(tmp_path / "people")


def test_a_missing_file_says_how_to_begin_one(tmp_path) -> None:
    with pytest.raises(SettingsError, match="textwire people add"):
        read_people(tmp_path / "people")


@pytest.mark.parametrize(
    "name", ["", " ada", "ada ", "a:b", "a,b", "a\nb", "x" * 101, "#a", "a\u2028b"]
)
def test_what_cannot_be_a_name_is_refused(name) -> None:
    with pytest.raises(SettingsError, match="cannot be a name"):
        new_person(name, frozenset({"agent"}), PASSWORD)


@pytest.mark.parametrize("password", ["", "short", "x" * 1_001])
def test_a_password_is_neither_short_nor_endless(password) -> None:
    with pytest.raises(SettingsError, match="10 to 1,000"):
        new_person("ada", frozenset({"agent"}), password)


def test_an_operator_may_everything_and_others_what_is_theirs() -> None:
    for needed in ROLES:
        assert may({"operator"}, needed)
        assert may({"agent"}, needed) == (needed == "agent")
        assert not may(set(), needed)
