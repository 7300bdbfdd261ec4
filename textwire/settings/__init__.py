"""Typed settings: one file, `textwire.yaml`, a section for each part, every field overridable.

A section is a class here, or in the `config.py` of the part it belongs to. A field `linger_ms` of
section `stream` is read from the first of these that has it: the environment variable
`TEXTWIRE_STREAM_LINGER_MS`; a file of that name, in lower case, in the folder
`TEXTWIRE_SECRETS_DIR`; `textwire.yaml`, or the file that `TEXTWIRE_SETTINGS` names; its default.
"""

from textwire.settings.kafka import KafkaSettings
from textwire.settings.loading import (
    load,
    load_registered,
    unknown_sections,
    unknown_variables,
)
from textwire.settings.models import ModelSettings
from textwire.settings.places import forget_file, settings_file
from textwire.settings.redis import RedisSettings
from textwire.settings.section import Host, Section, environment_variable
from textwire.settings.service import ServiceSettings
from textwire.settings.stack import StackSettings
from textwire.settings.stream import StreamSettings
from textwire.settings.training import TrainingSettings

__all__ = [
    "Host",
    "KafkaSettings",
    "ModelSettings",
    "RedisSettings",
    "Section",
    "ServiceSettings",
    "StackSettings",
    "StreamSettings",
    "TrainingSettings",
    "environment_variable",
    "forget_file",
    "load",
    "load_registered",
    "settings_file",
    "unknown_sections",
    "unknown_variables",
]
