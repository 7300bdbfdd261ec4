from __future__ import annotations

import pytest

from services.gateway.config import GatewaySettings
from tests.services.gateway.running import Applications, served

SESSIONS = "/v1/support/sessions"


def allowed(client, origin: str) -> bool:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    return "access-control-allow-origin" in client.options(SESSIONS, headers=asked).headers


def test_on_loopback_pages_of_this_machine_may_use_it_and_no_others() -> None:
    with served(Applications()) as client:
        assert allowed(client, "http://localhost:3000")
        assert allowed(client, "http://127.0.0.1:8501")
        for other in ("https://example.com", "http://localhost.example.com", "null"):
            assert not allowed(client, other)


def test_elsewhere_only_the_pages_that_are_named() -> None:
    settings = GatewaySettings(host="192.0.2.1", allowed_origins=("https://www.example.com",))
    with served(Applications(), settings) as client:
        assert allowed(client, "https://www.example.com")
        assert not allowed(client, "http://localhost:3000")


def begin(client, origin: str | None) -> int:
    return client.post(SESSIONS, headers={"Origin": origin} if origin else {}).status_code


def test_a_page_that_may_not_use_it_is_refused_and_not_only_kept_from_reading() -> None:
    with served(Applications()) as client:
        assert begin(client, "http://localhost:3000") == 201
        assert begin(client, None) == 201  # a program
        for other in ("https://evil.example", "http://localhost.evil.example", "null"):
            assert begin(client, other) == 403
        told = client.post(SESSIONS, headers={"Origin": "https://evil.example"}).json()
        assert "https://evil.example" in told["detail"]
        assert "gateway.allowed_origins" in told["detail"]


def test_pages_of_its_own_name_may_use_it_and_those_that_are_named() -> None:
    settings = GatewaySettings(host="192.0.2.1", allowed_origins=("https://www.example.com",))
    with served(Applications(), settings) as client:
        assert begin(client, str(client.base_url)) == 201
        assert begin(client, "https://www.example.com") == 201
        assert begin(client, "http://localhost:3000") == 403


def test_on_loopback_it_answers_to_this_machines_names_alone() -> None:
    with served(Applications()) as client:
        assert client.get("/openapi.json", headers={"Host": "rebound.example"}).status_code == 400
        assert client.get("/openapi.json", headers={"Host": "localhost"}).status_code == 200


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/x", 404), ("GET", SESSIONS, 405)])
def test_what_is_not_there_is_a_problem_in_words(method, path, status) -> None:
    with served(Applications()) as client:
        told = client.request(method, path)
    assert told.status_code == told.json()["status"] == status
    assert "/openapi.json" in told.json()["detail"]


@pytest.mark.parametrize("wrong", ["example.com", "https://example.com/", "https://a.b/path", "*"])
def test_an_origin_that_no_browser_sends_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match="allowed_origins"):
        GatewaySettings(allowed_origins=(wrong,))
