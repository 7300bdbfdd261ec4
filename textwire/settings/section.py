"""One part's settings, and where each of them is read from."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from textwire.hosts import without_brackets
from textwire.settings.places import file_sections, secrets_dir

Host = Annotated[str, AfterValidator(without_brackets)]


class Section(BaseSettings):
    """One part's settings."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)
    section: ClassVar[str]
    known: ClassVar[dict[str, type[Section]]] = {}

    def __init_subclass__(cls, *, section: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.section = section
        cls.model_config["env_prefix"] = f"TEXTWIRE_{section.upper()}_"
        Section.known[section] = cls

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - not a source of ours
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - its folder is read late
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then secret files, then the settings file."""
        in_file = InitSettingsSource(settings_cls, file_sections().get(cls.section, {}))
        folder = secrets_dir()
        secrets = [SecretsSettingsSource(settings_cls, folder)] if folder else []
        return init_settings, env_settings, *secrets, in_file


def environment_variable(section: type[Section], field: str) -> str:
    """The variable that sets a field."""
    return f"TEXTWIRE_{section.section}_{field}".upper()
