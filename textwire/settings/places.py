"""The settings file, and the folder of secrets."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from textwire.errors import SettingsError


def settings_file() -> Path:
    """The settings file, whether it exists or not."""
    return Path(os.environ.get("TEXTWIRE_SETTINGS", "textwire.yaml"))


def forget_file() -> None:
    """Read the settings file anew at the next load."""
    file_sections.cache_clear()


def secrets_dir() -> Path | None:
    """The folder of secret files, where one is named.

    Raises: SettingsError: there is no such folder.
    """
    named = os.environ.get("TEXTWIRE_SECRETS_DIR")
    if not named:
        return None
    if not Path(named).is_dir():
        raise SettingsError(
            f"TEXTWIRE_SECRETS_DIR names {named}, which is no folder. "
            "Make it or unset the variable."
        )
    return Path(named)


@cache
def file_sections() -> dict[str, dict[str, Any]]:
    """What the settings file says, by section and field; nothing where there is none.

    Raises: SettingsError: it cannot be read, or holds something else.
    """
    path = settings_file()
    if not path.exists():
        if "TEXTWIRE_SETTINGS" in os.environ:
            raise SettingsError(
                f"TEXTWIRE_SETTINGS names {path}, which does not exist. "
                "Make the file or unset the variable."
            )
        return {}
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise SettingsError(
            f"The settings file {path} cannot be read: {_without_its_text(error)}"
        ) from None
    if not _is_sections(content):
        raise SettingsError(
            f"The settings file {path} must hold sections of `name: value` lines, such as `kafka:` "
            "with `bootstrap_servers:` below it."
        )
    return {name: fields or {} for name, fields in content.items()}


def _without_its_text(error: yaml.YAMLError) -> str:
    """What is wrong and where; the line itself, which the library shows, may hold a secret."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return "it is no YAML"
    mark = error.problem_mark
    return f"{error.problem}, in line {mark.line + 1}, column {mark.column + 1}"


def _is_sections(content: Any) -> bool:
    # A section whose lines are all commented out reads as None.
    return isinstance(content, dict) and all(
        isinstance(name, str) and isinstance(fields, dict | None)
        for name, fields in content.items()
    )
