from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("name", ["faq.pdf", "faq.docx"])
def test_without_the_extra_its_name_is_told(tmp_path: Path, name: str) -> None:
    """In a process of its own, where the libraries cannot be imported."""
    path = tmp_path / name
    path.write_bytes(b"%PDF-" if name.endswith("pdf") else b"PK\x03\x04")
    program = f"""
import sys
sys.modules["pypdf"] = sys.modules["docx"] = None
from tests.rows.reading import rows_of
from pathlib import Path
rows_of(Path({str(path)!r}))
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "pip install 'textwire[documents]'" in told.stderr
