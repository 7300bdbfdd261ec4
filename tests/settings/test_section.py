from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.settings.told import message, write
from textwire.settings import KafkaSettings, StackSettings, StreamSettings, load


def secrets(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    folder = Path("secrets")
    folder.mkdir()
    for name, value in values.items():
        (folder / name).write_text(value)
    monkeypatch.setenv("TEXTWIRE_SECRETS_DIR", str(folder))


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


def test_a_secret_that_is_no_text_is_told_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets(monkeypatch)
    Path("secrets/textwire_kafka_sasl_password").write_bytes(b"s3cret\xff")
    told = message(KafkaSettings)
    assert (
        "A secret of kafka in secrets cannot be read: it is no UTF-8 text, from byte 7 on" in told
    )
    assert "s3cret" not in told


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_secret_that_may_not_be_read_is_told_with_who_has_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secrets(monkeypatch, textwire_kafka_sasl_password="s3")
    Path("secrets/textwire_kafka_sasl_password").chmod(0)
    assert f"The user that runs this, {os.getuid()}" in message(KafkaSettings)


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(StreamSettings).linger_ms = 3


def test_a_list_in_the_environment_is_json(monkeypatch: pytest.MonkeyPatch) -> None:
    config = pytest.importorskip("dashboards.config")
    monkeypatch.setenv("TEXTWIRE_DASHBOARD_SUGGESTIONS", '["one", "two"]')
    assert load(config.DashboardSettings).suggestions == ("one", "two")
    monkeypatch.setenv("TEXTWIRE_DASHBOARD_SUGGESTIONS", "one, two")
    assert 'A list is written as JSON, such as ["one", "two"]' in message(config.DashboardSettings)


def test_a_folder_is_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTWIRE_STACK_DATA_DIR", "somewhere/else")
    assert load(StackSettings).data_dir == Path("somewhere/else")
