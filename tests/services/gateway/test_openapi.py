from __future__ import annotations

import re

import msgspec
from openapi_spec_validator import validate

from services.gateway.config import GatewaySettings
from services.gateway.openapi import openapi, openapi_json
from tests.services.gateway.running import Applications, application


def test_the_description_is_valid() -> None:
    validate(msgspec.json.decode(openapi_json()))


def test_it_describes_every_address_that_is_served() -> None:
    app = application(Applications(), GatewaySettings())
    served = {
        (route.path, method.lower())
        for route in app.routes  # type: ignore[attr-defined]
        for method in route.methods - {"HEAD"}
        if re.match("/v1/", route.path)
    }
    described = {(path, method) for path, item in openapi()["paths"].items() for method in item}
    assert described == served
