from __future__ import annotations

import pytest

from tests.settings.told import write
from textwire.settings import (
    Section,
    StreamSettings,
    load,
    load_registered,
    settings_file,
    unknown_sections,
    unknown_variables,
)


def test_without_a_file_every_setting_has_its_default() -> None:
    assert load(StreamSettings).delivery == "exactly_once"
    assert load_registered().keys() == Section.known.keys()
    assert not settings_file().exists()


def test_unknown_sections_are_named() -> None:
    write("kafka:\n  replication_factor: 1\nkakfa:\n  replication_factor: 3\nzoo:\n")
    assert unknown_sections() == ["kakfa", "zoo"]


def test_variables_that_set_nothing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTWIRE_STREAM_LINGRE_MS", "7")
    monkeypatch.setenv("TEXTWIRE_STREAM_LINGER_MS", "7")
    monkeypatch.setenv("TEXTWIRE_SETTINGS", "textwire.yaml")
    assert unknown_variables() == ["TEXTWIRE_STREAM_LINGRE_MS"]
