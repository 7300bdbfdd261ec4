"""Typed settings: one file, `textwire.yaml`, a section for each part, every field overridable.

A section is a class here, or in the `config.py` of the part it belongs to. A field `linger_ms` of
section `stream` is read from the first of these that has it: the environment variable
`TEXTWIRE_STREAM_LINGER_MS`; a file of that name, in lower case, in the folder
`TEXTWIRE_SECRETS_DIR`; `textwire.yaml`, or the file that `TEXTWIRE_SETTINGS` names; its default.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar

import yaml
from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)
from pydantic_settings import SettingsError as UnreadableSource

from textwire.errors import SettingsError
from textwire.hosts import LOOPBACK, without_brackets
from textwire.urls import is_redis_url

S = TypeVar("S", bound="Section")
Host = Annotated[str, AfterValidator(without_brackets)]

# Where settings are, and where the public data sets are that evaluation and some tests read.
OTHER_VARIABLES = {
    "TEXTWIRE_SETTINGS",
    "TEXTWIRE_SECRETS_DIR",
    "TEXTWIRE_DATA",
    "TEXTWIRE_BASE",
    "TEXTWIRE_GATE",
}


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
        in_file = InitSettingsSource(settings_cls, _file_sections().get(cls.section, {}))
        secrets_dir = _secrets_dir()
        secrets = [SecretsSettingsSource(settings_cls, secrets_dir)] if secrets_dir else []
        return init_settings, env_settings, *secrets, in_file


class KafkaSettings(Section, section="kafka"):
    """Where the broker is, and how to be let in."""

    bootstrap_servers: str = Field(
        "",
        description="host:port or [::1]:port, comma-separated; empty: what `textwire up` runs, or "
        "port 9092 here",
    )
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="how the connection is secured"
    )
    ssl_cafile: str | None = Field(None, description="certificate authority's file for SSL")
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = Field(
        None, description="how to log in, with SASL"
    )
    sasl_username: str | None = Field(None, description="user name for SASL")
    sasl_password: SecretStr | None = Field(
        None, description="password for SASL; from the environment or a secret file"
    )
    # 0.5 s: the client's own waits within a request are of 100 ms.
    answer_timeout_s: float = Field(
        10.0,
        ge=0.5,
        le=300,
        description="how long commands and pages wait for the broker to answer; long enough for "
        "one that is just being restarted",
    )
    replication_factor: int = Field(
        1, ge=1, description="copies of each topic that Textwire creates"
    )
    dead_letter_days: int = Field(
        30,
        ge=1,
        le=36_500,
        description="how long records that could not be used stay on the topics that Textwire "
        "creates; on those that are there: `textwire topics create --keep-days DAYS`",
    )

    @field_validator("bootstrap_servers")
    @classmethod
    def _in_brackets(cls, servers: str) -> str:
        if any(
            one.count(":") > 1 and not one.strip().startswith("[") for one in servers.split(",")
        ):
            raise ValueError("an address of IPv6 stands in brackets, such as [::1]:9092")
        return servers


class RedisSettings(Section, section="redis"):
    """Where results are kept for pages to read."""

    url: SecretStr = Field(
        SecretStr(""),
        description="redis://[:password@]host:port/db; empty: as for kafka, or port 6379 here; "
        "with a password in it from the environment or a secret file",
    )

    @field_validator("url")
    @classmethod
    def _readable(cls, url: SecretStr) -> SecretStr:
        if url and not is_redis_url(url.get_secret_value()):
            raise ValueError(
                "must be such as redis://:password@host:6379/0; / ? # and % of a password are "
                "written %2F %3F %23 %25"
            )
        return url


class StreamSettings(Section, section="stream"):
    """How every service reads, retries and stops."""

    delivery: Literal["exactly_once", "at_least_once"] = Field(
        "exactly_once",
        description="results and offsets in one Kafka transaction, or offsets after results",
    )
    linger_ms: float = Field(
        2.0, ge=0, le=1000, description="how long a batch that is not full waits for more records"
    )
    max_batch_tokens: int = Field(
        4096, ge=1, description="estimated tokens in one batch that a model reads, at most"
    )
    max_batch_records: int = Field(
        256, ge=1, le=10_000, description="records in one batch, at most"
    )
    max_buffered_records: int = Field(
        512, ge=1, description="records of one partition that wait here before nothing more is read"
    )
    fetch_max_wait_ms: int = Field(
        20,
        ge=1,
        le=500,
        description="how long the broker holds a fetch that finds nothing; a record that comes "
        "while one is under way may wait as long",
    )
    max_record_bytes: int = Field(
        256 * 1024, ge=1, le=1024 * 1024, description="a larger record is a dead letter"
    )
    session_timeout_ms: int = Field(
        6000, ge=1000, description="silence after which the group gives a replica's partitions away"
    )
    shutdown_timeout_s: float = Field(
        10.0, gt=0, description="longest time between SIGTERM and the end"
    )
    rebalance_timeout_s: float = Field(
        5.0, ge=0, description="how long a rebalance waits for the batch in hand"
    )
    retry_first_s: float = Field(
        0.1, gt=0, description="first wait after something transient failed"
    )
    retry_longest_s: float = Field(5.0, gt=0, description="longest wait between two tries")
    stalled_after_s: float = Field(
        15.0,
        gt=0,
        description="a service is not ready once records of a partition wait and none was "
        "committed for so long",
    )
    hung_after_s: float = Field(
        120.0,
        gt=0,
        description="one batch that takes longer is taken to hang: /livez fails, a restart follows",
    )
    log_text: bool = Field(
        False, description="whether the log of a dead letter may hold what the customer wrote"
    )


class ModelSettings(Section, section="models"):
    """Where models come from and how they run."""

    registry: str = Field(
        "", description="folder or fsspec URL of artifacts; empty: `models` in the data folder"
    )
    engine: Literal["onnx", "torch"] = Field("onnx", description="onnx on CPU, torch on GPU")
    precision: Literal["int8", "fp32"] = Field("int8", description="which ONNX graph is served")
    threads: int = Field(
        1,
        ge=1,
        le=256,
        description="threads of one inference session; replicas scale better than threads",
    )
    watch_every_s: float = Field(
        1.0, gt=0, description="how often the registry is asked for a new champion"
    )
    shadow_share: float = Field(
        0.1,
        ge=0,
        le=1,
        description="of texts, that a classifier's challenger reads beside the champion; "
        "0: it is not loaded",
    )
    trial_timeout_s: float = Field(
        120.0, gt=0, le=3_600, description="how long a new model may take to load, when tried out"
    )
    largest_artifact_mb: int = Field(
        4_096, ge=1, description="a model whose files are larger together is refused"
    )


class TrainingSettings(Section, section="training"):
    """How the pipelines' runs are watched and kept; nothing here changes what they make."""

    report_to: str = Field(
        "tensorboard",
        description="who is told of losses: tensorboard, wandb, mlflow, several with commas; "
        "empty: nobody. TensorBoard's files lie in `training-logs` in the data folder",
    )
    checkpoint_every_s: float = Field(
        300.0,
        ge=0,
        description="how much work a kill may cost: a checkpoint is written so often, and after "
        "each epoch",
    )


class ServiceSettings(Section, section="service"):
    """What every service serves beside its work."""

    host: Host = Field(LOOPBACK, description="address of /livez, /readyz and /metrics")
    port: int = Field(0, ge=0, le=65535, description="their port; 0: a free one")
    replica: int = Field(
        0, ge=0, description="this process's number among its replicas; stable over restarts"
    )
    report_every_s: float = Field(
        1.0, gt=0, description="how often a service reports itself to Redis"
    )
    redis_check_every_s: float = Field(
        2.0, gt=0, description="how often it is asked whether Redis is there and lets us work"
    )
    end_hung_after_s: float = Field(
        60.0,
        ge=0,
        description="a process that has failed /livez for so long ends itself, so that it is "
        "started again also where nobody probes it; 0: never",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="least severe line that is logged"
    )


class StackSettings(Section, section="stack"):
    """What `textwire up` starts, and where."""

    data_dir: Path = Field(
        Path(".textwire"), description="folder for Kafka's and Redis's data, models and logs"
    )
    kafka_port: int = Field(
        9092, ge=1, le=65535, description="wished port; a free one is taken when it is not free"
    )
    redis_port: int = Field(6379, ge=1, le=65535, description="wished port, likewise")
    dashboard_port: int = Field(8501, ge=1, le=65535, description="wished port, likewise")
    gateway_port: int = Field(8600, ge=1, le=65535, description="wished port, likewise")
    host: Host = Field(
        LOOPBACK,
        description="address that the broker, the dashboard and the gateway listen on; Redis, "
        "which has no password, listens on loopback alone",
    )
    kafka_heap_mb: int = Field(256, ge=64, description="the broker's heap")
    restart_silent_after_s: float = Field(
        20.0,
        gt=0,
        description="a service that has failed /livez, or not answered, for so long is killed and "
        "started again",
    )
    samples: bool = Field(True, description="send the sample world's questions, news and shoppers")
    sample_knowledge: bool = Field(
        True, description="load the sample bank's passages, where there are none yet"
    )
    samples_per_minute: float = Field(
        20.0, gt=0, le=1_000_000, description="pace of the sample questions"
    )
    samples_speed: float = Field(
        60.0,
        ge=1,
        le=100_000,
        description="how many times as fast as ours the sample world's time goes, until it has "
        "caught up with ours",
    )
    samples_head_start_hours: float = Field(
        15.0,
        ge=0,
        le=72,
        description="how much of a new sample world is sent at once, so that there is something "
        "to see",
    )


def environment_variable(section: type[Section], field: str) -> str:
    """The variable that sets a field."""
    return f"TEXTWIRE_{section.section}_{field}".upper()


def settings_file() -> Path:
    """The settings file, whether it exists or not."""
    return Path(os.environ.get("TEXTWIRE_SETTINGS", "textwire.yaml"))


def load(section: type[S]) -> S:
    """The settings of one part.

    Raises: SettingsError: a value does not fit, a name is unknown, or the file cannot be read.
    """
    try:
        return section()
    except ValidationError as error:
        raise SettingsError(_explain(section, error)) from None
    except UnreadableSource as error:
        raise SettingsError(
            f"Settings of {section.section} cannot be read: {error}. "
            'A list is written as JSON, such as ["one", "two"].'
        ) from None


def load_registered() -> dict[str, Section]:
    """Every part's settings that this process knows of, by section."""
    return {name: load(section) for name, section in sorted(Section.known.items())}


def unknown_sections() -> list[str]:
    """Sections of the settings file that belong to no part known to this process."""
    return sorted(set(_file_sections()) - set(Section.known))


def unknown_variables() -> list[str]:
    """Variables of the environment that look like ours and set nothing: misspelled, most likely."""
    fields = {
        f"TEXTWIRE_{name}_{field}".upper()
        for name, section in Section.known.items()
        for field in section.model_fields
    }
    ours = {name for name in os.environ if name.upper().startswith("TEXTWIRE_")}
    return sorted(name for name in ours if name.upper() not in fields | OTHER_VARIABLES)


def forget_file() -> None:
    """Read the settings file anew at the next load."""
    _file_sections.cache_clear()


def _secrets_dir() -> Path | None:
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
def _file_sections() -> dict[str, dict[str, Any]]:
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


def _explain(section: type[Section], error: ValidationError) -> str:
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
