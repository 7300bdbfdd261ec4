"""Settings as a test writes them, and what is said of wrong ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from textwire.errors import SettingsError
from textwire.settings import Section, forget_file, load


def write(content: str, path: str = "textwire.yaml") -> None:
    Path(path).write_text(content, encoding="utf-8")
    forget_file()


def message(section: type[Section]) -> str:
    with pytest.raises(SettingsError) as raised:
        load(section)
    return str(raised.value)
