"""What can be known of docker-compose.yml without a Docker engine."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.files import (
    COMPOSE,
    OURS,
    OVERRIDES,
    ROOT,
    SECRETS,
    VARIABLE,
    our_services,
    read_yaml,
    services,
)
from textwire import __version__
from textwire.cli._checkup import import_settings
from textwire.settings import Section, ServiceSettings, environment_variable
from textwire.settings.loading import OTHER_VARIABLES

# Run to their end at every `up`; all other services stay.
ONCE = {"models", "topics", "knowledge"}
# Nothing asks it anything: it writes to a topic.
UNASKED = {"samples"}
# Its start script writes its configuration into the image's own folder.
WRITES_ITS_ROOT = {"kafka"}
# Compose sets it.
GIVEN = {"COMPOSE_PROJECT_NAME"}

each_service = pytest.mark.parametrize("name", sorted(services()))


@pytest.mark.skipif(
    importlib.util.find_spec("check_jsonschema") is None, reason="check-jsonschema is not installed"
)
@pytest.mark.parametrize("path", [COMPOSE, *OVERRIDES], ids=lambda path: path.name)
def test_it_is_what_the_compose_specification_allows(path: Path, tmp_path: Path) -> None:
    # The schema knows no tags; what they leave behind is checked.
    plain = tmp_path / path.name
    plain.write_text(path.read_text().replace("!override", "").replace("!reset null", "{}"))
    judged = subprocess.run(
        [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            "vendor.compose-spec",
            plain,
        ],
        capture_output=True,
        text=True,
    )
    assert judged.returncode == 0, judged.stdout + judged.stderr


@each_service
def test_every_published_port_is_on_loopback_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in services()[name].get("ports", []))


@each_service
def test_every_image_names_its_version(name: str) -> None:
    tag = services()[name]["image"].rpartition(":")[2]
    assert re.fullmatch(r"v?\d+\.\d+(\.\d+)?", tag)


def test_our_images_are_of_this_version_and_are_built_not_pulled() -> None:
    for service in our_services().values():
        assert service["image"].endswith(f":{__version__}")
        assert service["pull_policy"] == "build"
        assert service["image"].startswith(f"textwire-{service['build']['target']}:")


@each_service
def test_no_service_runs_as_root(name: str) -> None:
    service = services()[name]
    # Ours say it in the Dockerfile, which has a test of its own.
    user = str(service.get("user", "10001" if OURS.match(service["image"]) else "root"))
    assert user.partition(":")[0] not in ("root", "0", "")


@each_service
def test_every_service_is_hardened_and_bounded(name: str) -> None:
    service = services()[name]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["cap_drop"] == ["ALL"]
    assert not service.get("privileged")
    assert service.get("read_only", False) is (name not in WRITES_ITS_ROOT)
    assert set(service["deploy"]["resources"]["limits"]) >= {"memory", "pids"}
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}


def test_the_init_of_our_images_is_neither_replaced_nor_doubled() -> None:
    for service in our_services().values():
        assert not {"entrypoint", "init"} & service.keys()


@each_service
def test_what_stays_restarts_and_says_whether_it_is_well(name: str) -> None:
    service = services()[name]
    assert service["restart"] == ("no" if name in ONCE else "unless-stopped")
    assert ("healthcheck" in service) is (name not in ONCE | UNASKED)


def test_a_service_is_unhealthy_where_a_restart_would_help_and_only_there() -> None:
    asked = {
        " ".join(service["healthcheck"]["test"])
        for service in our_services().values()
        if "TEXTWIRE_SERVICE_REPLICA" in service["environment"]
    }
    assert len(asked) == 1
    assert ":9400/livez'" in asked.pop()


def test_a_service_that_hangs_ends_itself_because_nobody_else_restarts_it() -> None:
    end_after_s = ServiceSettings.model_fields["end_hung_after_s"].default
    assert end_after_s > 0
    variable = environment_variable(ServiceSettings, "end_hung_after_s")
    assert all(variable not in service["environment"] for service in our_services().values())


@each_service
def test_it_waits_for_what_can_become_true(name: str) -> None:
    for other, waited in services()[name].get("depends_on", {}).items():
        assert other in services()
        ends = other in ONCE
        assert waited["condition"] == (
            "service_completed_successfully" if ends else "service_healthy"
        )


def test_every_service_of_ours_runs() -> None:
    started = {
        service["command"][2]
        for service in our_services().values()
        if service["command"][:2] == ["python", "-m"]
    }
    packages = {f"services.{p.parent.name}" for p in ROOT.glob("services/*/__main__.py")}
    assert packages <= started


def test_a_service_cannot_be_scaled_into_two_replicas_of_one_number() -> None:
    for name, service in our_services().items():
        if "TEXTWIRE_SERVICE_REPLICA" in service["environment"]:
            assert service["container_name"] == f"${{COMPOSE_PROJECT_NAME}}-{name}"


def test_every_named_volume_is_declared_and_used() -> None:
    import yaml

    declared = set(yaml.safe_load(COMPOSE.read_text())["volumes"])
    mounted = [mount for service in services().values() for mount in service.get("volumes", [])]
    sources = {mount.partition(":")[0] for mount in mounted}
    assert declared == {source for source in sources if not source.startswith(".")}
    assert all((ROOT / source).exists() for source in sources - declared)


def test_only_the_pipelines_may_write_the_models() -> None:
    writers = {
        name
        for name, service in services().items()
        for mount in service.get("volumes", [])
        if mount.startswith("models:") and not mount.endswith(":ro")
    }
    assert writers == {"models"}


def test_the_folder_of_secrets_is_where_all_of_our_programs_look_and_none_may_write() -> None:
    given = read_yaml(SECRETS)["services"]
    assert given.keys() == our_services().keys()
    for service in given.values():
        (mount,) = service["volumes"]
        assert service["environment"] == {"TEXTWIRE_SECRETS_DIR": mount["target"]}
        assert mount["read_only"]
        assert not mount["bind"]["create_host_path"]


def test_no_secret_of_ours_is_in_the_environment_where_a_file_of_its_name_would_not_be_read() -> (
    None
):
    import_settings()
    secrets = {
        environment_variable(section, name)
        for section in Section.known.values()
        for name, field in section.model_fields.items()
        if "SecretStr" in str(field.annotation)
    }
    assert "TEXTWIRE_KAFKA_SASL_PASSWORD" in secrets
    given = {name for service in our_services().values() for name in service["environment"]}
    assert given & secrets == {"TEXTWIRE_REDIS_URL"}  # as docs/containers.md says


def test_git_takes_no_folder_of_secrets() -> None:
    (mount,) = read_yaml(SECRETS)["x-secrets"]["volumes"]
    _, _, folder = VARIABLE.findall(mount["source"])[0]
    assert f"{folder.removeprefix('.')}/" in (ROOT / ".gitignore").read_text().splitlines()


def variables_read() -> set[str]:
    texts = [path.read_text() for path in (COMPOSE, *OVERRIDES)]
    named = {found[1] for text in texts for found in VARIABLE.finditer(text)}
    arguments = {name for s in our_services().values() for name in s["build"].get("args", {})}
    return named - GIVEN | arguments


def test_the_example_of_an_env_file_names_every_variable_and_no_other() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    named = {found[1] for line in lines if (found := re.match(r"#?([A-Z_]+)=", line))}
    assert named == variables_read()


def test_the_example_of_an_env_file_names_the_defaults() -> None:
    example = (ROOT / ".env.example").read_text()
    defaults = {
        (name, value)
        for path in (COMPOSE, *OVERRIDES)
        for name, kind, value in VARIABLE.findall(path.read_text())
        if kind == ":-"
    }
    assert all(f"#{name}={value}\n" in example for name, value in defaults)


def test_no_secret_has_a_default() -> None:
    text = COMPOSE.read_text()
    kinds = {name: kind for name, kind, _ in VARIABLE.findall(text) if "PASSWORD" in name}
    assert kinds == {"GRAFANA_PASSWORD": ":?"}
    assert "GRAFANA_PASSWORD=\n" in (ROOT / ".env.example").read_text()


def test_every_setting_that_containers_are_given_exists() -> None:
    import_settings()
    settable = {
        environment_variable(section, field)
        for section in Section.known.values()
        for field in section.model_fields
    }
    texts = [p.read_text() for p in (COMPOSE, *OVERRIDES, ROOT / "Dockerfile")]
    given = {name for text in texts for name in re.findall(r"\bTEXTWIRE_[A-Z_]+", text)}
    assert given
    assert given <= settable | OTHER_VARIABLES
