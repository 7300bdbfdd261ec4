from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from textwire.access.password_file import read_people, signed_in
from textwire.cli import main

PASSWORD = "correct horse battery"


def run(tmp_path, *words: str, typed: str = ""):
    return CliRunner().invoke(main, ["people", "--file", str(tmp_path / "people"), *words], typed)


def test_people_are_added_listed_and_removed(tmp_path) -> None:
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    added = run(tmp_path, "add", "ada", "--role", "agent", "--role", "analyst", typed=typed)
    assert added.exit_code == 0, added.output
    assert PASSWORD not in added.output
    piped = run(
        tmp_path, "add", "bob", "--role", "operator", "--password-file", "-", typed=PASSWORD
    )
    assert piped.exit_code == 0, piped.output
    assert run(tmp_path, "list").output.split() == ["ada", "agent,", "analyst", "bob", "operator"]
    assert signed_in(read_people(tmp_path / "people"), "bob", PASSWORD)
    assert run(tmp_path, "remove", "ada").exit_code == 0
    assert set(read_people(tmp_path / "people")) == {"bob"}


def test_a_new_password_takes_the_place_of_the_old_one(tmp_path) -> None:
    for password in (PASSWORD, "another horse"):
        run(tmp_path, "add", "ada", "--role", "agent", "--password-file", "-", typed=password)
    people = read_people(tmp_path / "people")
    assert signed_in(people, "ada", PASSWORD) is None
    assert signed_in(people, "ada", "another horse")


def test_who_signs_in_at_a_provider_has_no_password_here(tmp_path) -> None:
    added = run(tmp_path, "add", "ada@example.org", "--role", "analyst", "--no-password")
    assert added.exit_code == 0, added.output
    people = read_people(tmp_path / "people")
    assert people["ada@example.org"].roles == {"analyst"}
    assert all(signed_in(people, "ada@example.org", typed) is None for typed in ("", "*"))
    both = run(
        tmp_path, "add", "bob", "--role", "agent", "--no-password", "--password-file", "-",
        typed=PASSWORD,
    )  # fmt: skip
    assert both.exit_code == 2


def test_what_cannot_be_is_said(tmp_path) -> None:
    short = run(tmp_path, "add", "ada", "--role", "agent", "--password-file", "-", typed="short")
    assert short.exit_code == 1
    assert "10 to 1,000" in short.output
    run(tmp_path, "add", "ada", "--role", "agent", "--password-file", "-", typed=PASSWORD)
    gone = run(tmp_path, "remove", "bob")
    assert gone.exit_code == 1
    assert "There is no bob" in gone.output
    assert run(tmp_path, "add", "ada", "--role", "king").exit_code == 2


def test_people_are_added_where_the_pages_look_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "colleagues"
    monkeypatch.setenv("TEXTWIRE_STACK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TEXTWIRE_DASHBOARD_PEOPLE", str(file))
    words = ["people", "add", "ada", "--role", "agent", "--no-password"]
    added = CliRunner().invoke(main, words)
    assert added.exit_code == 0, added.output
    assert set(read_people(file)) == {"ada"}
