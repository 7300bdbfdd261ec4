from __future__ import annotations

import socket

import pytest

from textwire.hosts import (
    family_of,
    is_loopback,
    loopback_beside,
    reached_at,
    with_port,
    without_brackets,
)


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "127.0.0.1:80"), ("::1", "[::1]:80"), ("kafka", "kafka:80")],
)
def test_an_address_has_brackets_where_the_host_has_colons(host: str, address: str) -> None:
    assert with_port(host, 80) == address


def test_a_host_is_taken_with_and_without_its_brackets() -> None:
    assert without_brackets("[::1]") == without_brackets("::1") == "::1"


@pytest.mark.parametrize(
    ("listens_on", "reached"),
    [("0.0.0.0", "127.0.0.1"), ("::", "::1"), ("10.0.0.7", "10.0.0.7"), ("::1", "::1")],  # noqa: S104
)
def test_who_listens_everywhere_is_reached_on_loopback(listens_on: str, reached: str) -> None:
    assert reached_at(listens_on) == reached


@pytest.mark.parametrize(("host", "beside"), [("::", "::1"), ("10.0.0.7", "127.0.0.1")])
def test_the_loopback_beside_a_host_is_of_its_family(host: str, beside: str) -> None:
    assert loopback_beside(host) == beside


def test_a_name_that_nobody_knows_has_a_family_all_the_same() -> None:
    assert family_of("nobody.invalid") == socket.AF_INET


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "[::1]", "localhost"])
def test_what_listens_on_loopback_is_this_machines_alone(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["", "0.0.0.0", "::", "10.0.0.7", "example.com", "localhost.example.com"],  # noqa: S104
)
def test_what_listens_elsewhere_is_not(host: str) -> None:
    assert not is_loopback(host)
