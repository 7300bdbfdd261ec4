"""The programs of the stack beside its servers: services, dashboard, the sample world."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from textwire.errors import StackError
from textwire.hosts import reached_at, with_port
from textwire.settings import ServiceSettings, load
from textwire.stack.asking_services import ask_readiness, ask_what_hangs
from textwire.stack.logs import log_path
from textwire.stack.ports import free_port
from textwire.stack.process import Process
from textwire.stack.process_spec import HANGS_AT_MOST_S, ProcessSpec, answers_http

Environment = Mapping[str, str]
GATEWAY = "gateway"  # the service that people and programs reach at a known address


def installed(package: str) -> list[str]:
    """Names of what lies in one of our packages (`services`, `pipelines`), without importing it."""
    spec = find_spec(package)
    found = pkgutil.iter_modules(spec.submodule_search_locations if spec else [])
    return sorted(module.name for module in found if module.ispkg)


def part_name(package: str) -> str:
    """How people write a service's or pipeline's name: `support_qa` is `support-qa`."""
    return package.replace("_", "-")


def service_process(
    package: str,
    data_dir: Path,
    environment: Environment,
    hangs_at_most_s: float = HANGS_AT_MOST_S,
) -> Process:
    """One replica of a service: ready, and alive, when it says so."""
    host = load(ServiceSettings).host
    port = free_port(host)
    address = f"http://{with_port(reached_at(host), port)}"
    part = ProcessSpec(
        name=part_name(package),
        command=(sys.executable, "-m", f"services.{package}"),
        environment={**environment, "TEXTWIRE_SERVICE_PORT": str(port)},
        ready=partial(answers_http, port, "/readyz", reached_at(host)),
        lacks=lambda: ask_readiness(address).reason,
        hangs=partial(ask_what_hangs, address),
        hangs_at_most_s=hangs_at_most_s,
        ready_within_s=180.0,  # the first start embeds all knowledge
        address=address,
    )
    return Process(part, log_path(data_dir, part.name))


def gateway_process(
    host: str,
    port: int,
    data_dir: Path,
    environment: Environment,
    hangs_at_most_s: float = HANGS_AT_MOST_S,
) -> Process:
    """The way in over HTTP, at that address; it is asked how it is where services are asked."""
    where = {"TEXTWIRE_GATEWAY_HOST": host, "TEXTWIRE_GATEWAY_PORT": str(port)}
    return service_process(GATEWAY, data_dir, {**environment, **where}, hangs_at_most_s)


def dashboard_process(
    host: str,
    port: int,
    data_dir: Path,
    environment: Environment,
    hangs_at_most_s: float = HANGS_AT_MOST_S,
) -> Process:
    """The pages.

    Raises: StackError: they are not installed.
    """
    address = f"http://{with_port(reached_at(host), port)}"
    part = ProcessSpec(
        name="dashboard",
        command=(*_streamlit(_dashboard_script()), *_streamlit_settings(host, port)),
        environment=environment,
        ready=partial(answers_http, port, "/_stcore/health", reached_at(host)),
        hangs=partial(ask_what_hangs, address, "/_stcore/health"),
        hangs_at_most_s=hangs_at_most_s,
        stop_within_s=5.0,
        address=address,
    )
    return Process(part, log_path(data_dir, part.name))


def samples_process(data_dir: Path, environment: Environment) -> Process:
    """The sample world: questions, news and shoppers, without end."""
    command = (sys.executable, "-m", "textwire", "feed", "samples")
    part = ProcessSpec("samples", command, environment, stop_within_s=5.0, may_end=True)
    return Process(part, log_path(data_dir, part.name))


def _dashboard_script() -> str:
    spec = find_spec("dashboards")
    if spec is None or spec.origin is None:
        raise StackError("The package `dashboards` is not installed: install textwire again.")
    return str(Path(spec.origin).with_name("served.py"))


def _streamlit(script: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "streamlit", "run", script)


def _streamlit_settings(host: str, port: int) -> list[str]:
    settings = {
        "server.headless": "true",
        "server.port": str(port),
        "server.address": host,
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    return [word for name, value in settings.items() for word in (f"--{name}", value)]
