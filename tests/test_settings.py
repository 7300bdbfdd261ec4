from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import textwire.settings as settings_module
from textwire.errors import SettingsError
from textwire.settings import (
    KafkaSettings,
    RedisSettings,
    Section,
    StackSettings,
    StreamSettings,
    environment_variable,
    forget_file,
    load,
    load_registered,
    settings_file,
    unknown_sections,
    unknown_variables,
)
from textwire.settings_docs import PAGE, settings_page

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No settings but those the test makes, in a folder of its own."""
    for name in [name for name in settings_module.os.environ if name.startswith("TEXTWIRE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    forget_file()
    yield
    forget_file()


def write(content: str, path: str = "textwire.yaml") -> None:
    Path(path).write_text(content, encoding="utf-8")
    forget_file()


def secrets(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    folder = Path("secrets")
    folder.mkdir()
    for name, value in values.items():
        (folder / name).write_text(value)
    monkeypatch.setenv("TEXTWIRE_SECRETS_DIR", str(folder))


def message(section: type[Section]) -> str:
    with pytest.raises(SettingsError) as raised:
        load(section)
    return str(raised.value)


def test_without_a_file_every_setting_has_its_default() -> None:
    assert load(StreamSettings).delivery == "exactly_once"
    assert load_registered().keys() == Section.known.keys()
    assert not settings_file().exists()


def test_a_field_is_read_from_the_file() -> None:
    write("stream:\n  delivery: at_least_once\n  linger_ms: 7\n")
    assert load(StreamSettings).delivery == "at_least_once"
    assert load(StreamSettings).linger_ms == 7.0
    assert load(StreamSettings).max_batch_tokens == 4096


def test_another_file_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    write("stream:\n  linger_ms: 8\n", "other.yaml")
    monkeypatch.setenv("TEXTWIRE_SETTINGS", "other.yaml")
    assert load(StreamSettings).linger_ms == 8.0


def test_environment_comes_before_secrets_and_secrets_before_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write("kafka:\n  sasl_username: file\n  sasl_password: file\n  bootstrap_servers: file:1\n")
    secrets(monkeypatch, textwire_kafka_sasl_username="secret", textwire_kafka_sasl_password="s3")
    monkeypatch.setenv("TEXTWIRE_KAFKA_SASL_USERNAME", "environment")
    kafka = load(KafkaSettings)
    assert kafka.sasl_username == "environment"
    assert kafka.sasl_password is not None
    assert kafka.sasl_password.get_secret_value() == "s3"
    assert kafka.bootstrap_servers == "file:1"


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTWIRE_REDIS_URL", "redis://:hidden@host:1/0")
    assert "hidden" not in repr(load(RedisSettings))


@pytest.mark.parametrize(
    "url", ["redis://:hid/den@host:1/0", "redis://:hidden@host:port", "hidden"]
)
def test_a_redis_url_that_cannot_be_read_is_told_without_it(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTWIRE_REDIS_URL", url)
    told = message(RedisSettings)
    assert "redis.url: Value error, must be such as redis://:password@host:6379/0" in told
    assert not {"hid", "den", "hidden"} & set(told.replace("/", " ").split())


def test_a_file_that_is_no_yaml_is_told_by_its_place_and_not_by_its_text() -> None:
    write("stream:\n  linger_ms: 7\nredis:\n  url: 'redis://:hidden@host:1/0\n")
    told = message(RedisSettings)
    assert "found unexpected end of stream, in line 5, column 1" in told
    assert "hidden" not in told


def test_an_address_of_ipv6_stands_in_brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    variable = "TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS"
    monkeypatch.setenv(variable, "kafka:9092, [::1]:9092")
    assert load(KafkaSettings).bootstrap_servers == "kafka:9092, [::1]:9092"
    monkeypatch.setenv(variable, "kafka:9092,::1:9092")
    assert "such as [::1]:9092" in message(KafkaSettings)


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(StreamSettings).linger_ms = 3


def test_a_section_whose_lines_are_all_commented_out_is_empty() -> None:
    write("stream:\n#  linger_ms: 7\nkafka:\n")
    assert load(StreamSettings).linger_ms == 2.0


def test_an_empty_file_is_no_error() -> None:
    write("")
    assert load(StreamSettings).linger_ms == 2.0


def test_a_wrong_value_is_told_with_its_place_and_where_to_set_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEXTWIRE_STREAM_LINGER_MS", "soon")
    told = message(StreamSettings)
    assert "stream.linger_ms: Input should be a valid number" in told
    assert "set it in textwire.yaml or TEXTWIRE_STREAM_LINGER_MS" in told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("delivery: twice", "'exactly_once' or 'at_least_once'"),
        ("linger_ms: -1", "greater than or equal to 0"),
        ("max_batch_records: many", "valid integer"),
        ("retry_longest_s: 0", "greater than 0"),
    ],
)
def test_a_value_out_of_bounds_is_told_with_its_bounds(line: str, told: str) -> None:
    write(f"stream:\n  {line}\n")
    assert f"stream.{line.split(':')[0]}" in message(StreamSettings)
    assert told in message(StreamSettings)


def test_every_wrong_value_is_told_at_once() -> None:
    write("stream:\n  delivery: twice\n  linger_ms: -1\n")
    assert "stream.delivery" in message(StreamSettings)
    assert "stream.linger_ms" in message(StreamSettings)


def test_a_wrong_value_of_a_secret_is_not_shown() -> None:
    write("kafka:\n  sasl_password: [hidden]\n")
    assert "hidden" not in message(KafkaSettings)


def test_an_unknown_field_is_told_with_those_that_there_are() -> None:
    write("stream:\n  lingre_ms: 7\n")
    told = message(StreamSettings)
    assert "stream.lingre_ms: there is no such setting" in told
    assert "linger_ms" in told
    assert "remove it from textwire.yaml" in told


def test_unknown_sections_are_named() -> None:
    write("kafka:\n  replication_factor: 1\nkakfa:\n  replication_factor: 3\nzoo:\n")
    assert unknown_sections() == ["kakfa", "zoo"]


def test_variables_that_set_nothing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTWIRE_STREAM_LINGRE_MS", "7")
    monkeypatch.setenv("TEXTWIRE_STREAM_LINGER_MS", "7")
    monkeypatch.setenv("TEXTWIRE_SETTINGS", "textwire.yaml")
    assert unknown_variables() == ["TEXTWIRE_STREAM_LINGRE_MS"]


@pytest.mark.parametrize(
    "content", ["stream: [", "stream:\n\tlinger_ms: 7\n", "stream: *nowhere\n", "a: b: c\n"]
)
def test_a_file_that_is_no_yaml_is_told(content: str) -> None:
    write(content)
    assert "The settings file textwire.yaml cannot be read" in message(StreamSettings)


def test_a_file_that_is_no_text_is_told() -> None:
    Path("textwire.yaml").write_bytes(b"\xff\xfe\x00")
    forget_file()
    assert "cannot be read" in message(StreamSettings)


@pytest.mark.parametrize("content", ["- a\n", "just text\n", "linger_ms: 7\n", "1:\n  a: 2\n"])
def test_a_file_without_sections_is_told_how_they_look(content: str) -> None:
    write(content)
    assert "must hold sections" in message(StreamSettings)


def test_a_named_file_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTWIRE_SETTINGS", "nowhere.yaml")
    assert "nowhere.yaml, which does not exist" in message(StreamSettings)


def test_a_secrets_folder_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTWIRE_SECRETS_DIR", "nowhere")
    assert "nowhere, which is no folder" in message(KafkaSettings)


def test_a_list_in_the_environment_is_json(monkeypatch: pytest.MonkeyPatch) -> None:
    config = pytest.importorskip("dashboards.config")
    monkeypatch.setenv("TEXTWIRE_DASHBOARD_SUGGESTIONS", '["one", "two"]')
    assert load(config.DashboardSettings).suggestions == ("one", "two")
    monkeypatch.setenv("TEXTWIRE_DASHBOARD_SUGGESTIONS", "one, two")
    assert 'A list is written as JSON, such as ["one", "two"]' in message(config.DashboardSettings)


def test_a_folder_is_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTWIRE_STACK_DATA_DIR", "somewhere/else")
    assert load(StackSettings).data_dir == Path("somewhere/else")


def test_every_setting_says_what_it_means() -> None:
    settings_page()  # makes every part's settings known
    silent = [
        f"{name}.{field}"
        for name, section in Section.known.items()
        for field, info in section.model_fields.items()
        if not info.description
    ]
    assert silent == []


def test_every_setting_has_its_line_in_the_docs() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    settings_page()
    missing = [
        variable
        for section in Section.known.values()
        for variable in (environment_variable(section, field) for field in section.model_fields)
        if f"`{variable}`" not in page
    ]
    assert missing == [], "run `python -m textwire.settings_docs`"


def test_the_docs_say_what_the_settings_are_now() -> None:
    written = (ROOT / PAGE).read_text(encoding="utf-8")
    assert written == settings_page(), "run `python -m textwire.settings_docs`"
