"""What people write into settings: the file, and the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from hypothesis import strategies as st

from services.sentiment_alerts.config import SentimentAlertsSettings
from services.support_qa.config import SupportQaSettings
from tests.fuzz.inputs import like
from tests.fuzz.target import Target
from tests.fuzz.targets.files import folder
from textwire.errors import SettingsError
from textwire.language_model.settings import LanguageModelSettings
from textwire.recommendations.config import RecommendationsSettings
from textwire.settings import (
    KafkaSettings,
    ModelSettings,
    RedisSettings,
    Section,
    ServiceSettings,
    StackSettings,
    StreamSettings,
    environment_variable,
    forget_file,
    load,
)

SECTIONS: tuple[type[Section], ...] = (
    KafkaSettings,
    RedisSettings,
    StreamSettings,
    ModelSettings,
    ServiceSettings,
    StackSettings,
    SupportQaSettings,
    LanguageModelSettings,
    SentimentAlertsSettings,
    RecommendationsSettings,
)
VARIABLES = [environment_variable(one, field) for one in SECTIONS for field in one.model_fields]
# All sections are made each time.
SLOW = 0.2
YAML = (
    b"kafka:\n  bootstrap_servers: a:9092\nstream:\n  linger_ms: 2.5\n  delivery: exactly_once\n"
    b"service:\n  port: 8080\nsupport_qa:\n  threshold: 0.5\n"
)


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """With these variables, and none of ours besides."""
    before = dict(os.environ)
    for name in before:
        if name.startswith("TEXTWIRE_"):
            del os.environ[name]
    os.environ.update(variables)
    forget_file()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        forget_file()


def load_all() -> None:
    """Every section."""
    for section in SECTIONS:
        load(section)


def from_file(content: bytes) -> None:
    """A settings file."""
    path = folder() / "textwire.yaml"
    path.write_bytes(content)
    with environment({"TEXTWIRE_SETTINGS": str(path)}):
        load_all()


def from_environment(variables: Mapping[str, str]) -> None:
    """Variables of any content that a shell can set."""
    with environment(variables):
        load_all()


SETTINGS = (
    Target(
        "textwire.yaml",
        like([YAML], [section.section for section in SECTIONS]),
        from_file,
        (SettingsError,),
        SLOW,
    ),
    Target(
        "environment",
        st.dictionaries(
            st.sampled_from(VARIABLES),
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
            max_size=3,
        ),
        from_environment,
        (SettingsError,),
        SLOW,
    ),
)
