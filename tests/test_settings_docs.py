from __future__ import annotations

from pathlib import Path

from textwire.settings import Section, environment_variable
from textwire.settings.loading import OTHER_VARIABLES
from textwire.settings_docs import PAGE, settings_page

ROOT = Path(__file__).parents[1]


def test_every_setting_says_what_it_means() -> None:
    settings_page()  # makes every part's settings known
    silent = [
        f"{name}.{field}"
        for name, section in Section.known.items()
        for field, info in section.model_fields.items()
        if not info.description
    ]
    assert silent == []


def test_every_setting_has_its_line_in_the_docs() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    settings_page()
    missing = [
        variable
        for section in Section.known.values()
        for variable in (environment_variable(section, field) for field in section.model_fields)
        if f"`{variable}`" not in page
    ]
    assert missing == [], "run `python -m textwire.settings_docs`"


def test_the_docs_say_what_the_settings_are_now() -> None:
    written = (ROOT / PAGE).read_text(encoding="utf-8")
    assert written == settings_page(), "run `python -m textwire.settings_docs`"


def test_every_further_variable_has_its_line_in_the_docs() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    assert [name for name in sorted(OTHER_VARIABLES) if f"| `{name}` |" not in page] == []


def test_an_empty_list_is_said_to_be_empty() -> None:
    assert "|  |" not in (ROOT / PAGE).read_text(encoding="utf-8")
