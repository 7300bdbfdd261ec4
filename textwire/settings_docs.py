"""Writes docs/settings.md from the settings themselves: `python -m textwire.settings_docs`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from textwire.cli._checkup import import_settings
from textwire.settings import Section, environment_variable

PAGE = Path("docs/settings.md")
# From what everything needs to what one part needs; sections that come later stand at the end.
ORDER = ["stack", "kafka", "redis", "stream", "models", "service"]
BEGINNING = """\
# Settings

<!-- Written by `python -m textwire.settings_docs`: change the settings' own descriptions. -->

All settings stand in one file: `textwire.yaml` in the working directory, or the file that
`TEXTWIRE_SETTINGS` names. Each part has a section:

```yaml
stream:
  delivery: at_least_once
support_qa:
  threshold: 0.6
```

A field is read from the first of these that has it:

1. its environment variable, such as `TEXTWIRE_STREAM_DELIVERY`; a list is written as JSON;
2. a file of the variable's name in lower case, in the folder that `TEXTWIRE_SECRETS_DIR` names: the
   place for passwords;
3. the settings file;
4. its default.

`textwire doctor` shows the settings in force, and says which are wrong. Besides the settings below:

| variable | meaning |
|---|---|
| `TEXTWIRE_SETTINGS` | the settings file, in place of `textwire.yaml` |
| `TEXTWIRE_SECRETS_DIR` | the folder of secret files |
| `TEXTWIRE_BASE` | `--base` of all commands of `pipelines` that take it: another base model |
| `TEXTWIRE_GATE` | `--gate` likewise: another file of the gate's rules |
| `TEXTWIRE_DATA` | folder of the public data sets of `pipelines evaluate` and `--with` |
"""


def settings_page() -> str:
    """The page, with the sections of every part that is installed."""
    import_settings()
    names = sorted(Section.known, key=lambda name: (_place(name), name))
    return BEGINNING + "".join(_told(Section.known[name]) for name in names)


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _told(section: type[Section]) -> str:
    lines = [
        f"\n## {section.section}\n",
        f"{section.__doc__}\n",
        "| field | environment variable | default | meaning |",
        "|---|---|---|---|",
        *(_line(section, name, field) for name, field in section.model_fields.items()),
    ]
    return "\n".join(lines) + "\n"


def _line(section: type[Section], name: str, field: FieldInfo) -> str:
    variable = environment_variable(section, name)
    meaning = f"{field.description}{_choices(field.annotation)}"
    return f"| `{name}` | `{variable}` | {_default(field.default)} | {_in_cell(meaning)} |"


def _choices(annotation: Any) -> str:
    choices = _literal_values(annotation)
    return f" (one of {', '.join(f'`{choice}`' for choice in choices)})" if choices else ""


def _literal_values(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [value for part in get_args(annotation) for value in _literal_values(part)]


def _default(value: Any) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value is None or value in ("", ()):
        return "empty"
    if isinstance(value, tuple):
        return _in_cell(", ".join(f'"{one}"' for one in value))
    return _in_cell(f"`{str(value).lower() if isinstance(value, bool) else value}`")


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(settings_page(), encoding="utf-8")
