from __future__ import annotations

import pytest

from tests.settings.told import message
from textwire.settings import KafkaSettings, load


def test_an_address_of_ipv6_stands_in_brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    variable = "TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS"
    monkeypatch.setenv(variable, "kafka:9092, [::1]:9092")
    assert load(KafkaSettings).bootstrap_servers == "kafka:9092, [::1]:9092"
    monkeypatch.setenv(variable, "kafka:9092,::1:9092")
    assert "such as [::1]:9092" in message(KafkaSettings)
