"""Reading the settings of a part, and finding those that set nothing."""

from __future__ import annotations

import os
from typing import TypeVar

from pydantic import ValidationError
from pydantic_settings import SettingsError as UnreadableSource

from textwire.errors import SettingsError
from textwire.settings.explaining import explained
from textwire.settings.places import file_sections, secrets_dir
from textwire.settings.section import Section

S = TypeVar("S", bound=Section)

# Where settings are, and where the public data sets are that evaluation and some tests read.
OTHER_VARIABLES = {
    "TEXTWIRE_SETTINGS",
    "TEXTWIRE_SECRETS_DIR",
    "TEXTWIRE_DATA",
    "TEXTWIRE_BASE",
    "TEXTWIRE_GATE",
}


def load(section: type[S]) -> S:
    """The settings of one part.

    Raises: SettingsError: a value does not fit, a name is unknown, or the file cannot be read.
    """
    try:
        return section()
    except ValidationError as error:
        raise SettingsError(explained(section, error)) from None
    except UnreadableSource as error:
        if isinstance(why := error.__cause__, OSError | UnicodeDecodeError):
            raise SettingsError(_unreadable_secret(section, why)) from None
        raise SettingsError(
            f"Settings of {section.section} cannot be read: {error}. "
            'A list is written as JSON, such as ["one", "two"].'
        ) from None


def _unreadable_secret(section: type[Section], why: OSError | UnicodeDecodeError) -> str:
    """Of what is no text only the place is told: the bytes are part of a secret."""
    told = why if isinstance(why, OSError) else f"it is no UTF-8 text, from byte {why.start + 1} on"
    return (
        f"A secret of {section.section} in {secrets_dir()} cannot be read: {told}. The user that "
        f"runs this, {os.getuid()}, has to be able to read the folder and its files."
    )


def load_registered() -> dict[str, Section]:
    """Every part's settings that this process knows of, by section."""
    return {name: load(section) for name, section in sorted(Section.known.items())}


def unknown_sections() -> list[str]:
    """Sections of the settings file that belong to no part known to this process."""
    return sorted(set(file_sections()) - set(Section.known))


def unknown_variables() -> list[str]:
    """Variables of the environment that look like ours and set nothing: misspelled, most likely."""
    fields = {
        f"TEXTWIRE_{name}_{field}".upper()
        for name, section in Section.known.items()
        for field in section.model_fields
    }
    ours = {name for name in os.environ if name.upper().startswith("TEXTWIRE_")}
    return sorted(name for name in ours if name.upper() not in fields | OTHER_VARIABLES)
