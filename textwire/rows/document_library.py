"""The libraries of the extra `documents`, which an install may lack."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from textwire.errors import DataFileError


def document_library(name: str, path: Path) -> Any:
    """The module that reads a file.

    Raises: DataFileError: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        raise DataFileError(
            f"{path}: PDF and Word documents are read with the extra `documents`, which is not "
            "installed: `pip install 'textwire[documents]'`. Or save the text as Markdown."
        ) from None
