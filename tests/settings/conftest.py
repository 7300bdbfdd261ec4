from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from textwire.settings import forget_file


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No settings but those the test makes, in a folder of its own."""
    for name in [name for name in os.environ if name.startswith("TEXTWIRE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    forget_file()
    yield
    forget_file()
