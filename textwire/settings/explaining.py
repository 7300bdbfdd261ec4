"""What is wrong with settings, in words for whoever set them."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from textwire.settings.places import settings_file
from textwire.settings.section import Section, environment_variable


def explained(section: type[Section], error: ValidationError) -> str:
    """All that is wrong with a part's settings, and where each is to be set."""
    problems = error.errors(include_url=False)
    return "Settings are wrong:\n  " + "\n  ".join(_told(section, one) for one in problems)


def _told(section: type[Section], problem: Any) -> str:
    field = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        there_are = ", ".join(sorted(section.model_fields))
        return (
            f"{section.section}.{field}: there is no such setting; there are {there_are} "
            f"(remove it from {settings_file()})"
        )
    if not field:  # of several settings together
        return f"{section.section}: {problem['msg']} (in {settings_file()} or the environment)"
    variable = environment_variable(section, str(problem["loc"][0]))
    return (
        f"{section.section}.{field}: {problem['msg']} (set it in {settings_file()} or {variable})"
    )
