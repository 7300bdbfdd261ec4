"""The board and the alerts ask for what services export."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from services.sentiment_alerts.config import SentimentAlertsSettings
from services.sentiment_alerts.webhook.webhook import Webhook
from tests.deploy.files import (
    PROMETHEUS,
    ROOT,
    board,
    board_queries,
    our_services,
    read_yaml,
    rules,
    services,
)
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.results.memory import MemoryResults
from textwire.results.metrics import REFUSED_WRITES, UNREADABLE_VALUES
from textwire.wire.record import Partition

# What Prometheus itself adds to each measurement.
ADDED = {"job", "instance", "le"}
SELECTOR = re.compile(r"(textwire_\w+)(?:\{([^}]*)\})?")


def exported() -> dict[str, set[str]]:
    """Each measurement's name and labels, of a service that has done everything once."""
    registry = CollectorRegistry()
    health = Health()
    health.warn("champion", "version 7 was refused")
    metrics = ServiceMetrics("support-qa", 0, health, registry=registry)
    metrics.took(1)
    metrics.published(1, 0)
    metrics.retried()
    metrics.lags("support-qa", {Partition("support.questions", 0): 1})
    metrics.stages.add("total", 0.01)
    settings = SentimentAlertsSettings(webhook_url=SecretStr("http://localhost/"))
    webhook = Webhook(settings, MemoryResults(), metrics)
    webhook._delivery._counts.count("taken")
    metrics.champions_refused("support-qa").inc()
    for counter in (REFUSED_WRITES, UNREADABLE_VALUES):
        counter.labels("support").inc(0)
    families = text_string_to_metric_families(generate_latest(registry).decode())
    return {
        sample.name: set(sample.labels) | ADDED
        for family in families
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def all_queries() -> list[str]:
    return [*board_queries(), *(rule["expr"] for rule in rules())]


@pytest.mark.parametrize("query", all_queries())
def test_every_measurement_that_is_asked_for_is_exported(query: str) -> None:
    asked = SELECTOR.findall(query)
    assert asked
    for name, conditions in asked:
        assert name in exported(), name
        assert set(re.findall(r"(\w+)\s*[!=]~?", conditions)) <= exported()[name]


@pytest.mark.parametrize("query", all_queries())
def test_every_grouping_is_by_labels_that_exist(query: str) -> None:
    labels = set().union(*exported().values())
    for listed in re.findall(r"\bby \(([^)]*)\)", query):
        assert {label.strip() for label in listed.split(",")} <= labels


def test_everything_that_is_exported_is_on_the_board() -> None:
    shown = {name for query in board_queries() for name, _ in SELECTOR.findall(query)}
    assert shown == exported().keys() - {
        "textwire_stage_seconds_count",
        "textwire_stage_seconds_sum",
    }


@pytest.mark.parametrize("query", [query for query in all_queries() if "label_values" not in query])
def test_every_query_can_be_parsed(query: str) -> None:
    parser = pytest.importorskip("promql_parser")
    parser.parse(query.replace("$__rate_interval", "20s").replace("$__range", "15m"))


def data_panels() -> list[dict[str, Any]]:
    return [panel for panel in board()["panels"] if panel.get("targets")]


def test_panels_have_ids_of_their_own_and_do_not_overlap() -> None:
    panels = board()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not cells & taken, panel["title"]
        assert all(x < 24 for x, _ in cells)
        taken |= cells


@pytest.mark.parametrize("panel", data_panels(), ids=lambda panel: panel["title"])
def test_every_number_has_a_unit_or_words(panel: dict[str, Any]) -> None:
    if panel["type"] in ("table", "heatmap"):
        return  # each column and axis has its own
    defaults = panel["fieldConfig"]["defaults"]
    assert defaults.get("unit") or defaults.get("mappings")


def test_the_board_reads_from_the_source_that_is_provisioned() -> None:
    folder = ROOT / "deploy" / "grafana" / "provisioning"
    (source,) = read_yaml(folder / "datasources" / "prometheus.yml")["datasources"]
    assert {panel["datasource"]["uid"] for panel in data_panels()} == {source["uid"]}
    host, _, port = source["url"].removeprefix("http://").partition(":")
    assert host in services()
    assert services()[host]["ports"][0].endswith(f":{port}")


def test_the_board_is_mounted_where_it_is_looked_for() -> None:
    folder = ROOT / "deploy" / "grafana" / "provisioning"
    (provider,) = read_yaml(folder / "dashboards" / "textwire.yml")["providers"]
    path = provider["options"]["path"]
    grafana = services()["grafana"]
    assert f"./deploy/grafana/dashboards:{path}:ro" in grafana["volumes"]
    home = grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home == f"{path}/textwire.json"


def test_every_service_is_scraped_on_its_port() -> None:
    configs = read_yaml(PROMETHEUS / "prometheus.yml")["scrape_configs"]
    (names,) = [config["dns_sd_configs"][0] for config in configs if "dns_sd_configs" in config]
    measured = {
        n for n, s in our_services().items() if "TEXTWIRE_SERVICE_REPLICA" in s["environment"]
    }
    assert set(names["names"]) == measured
    assert {port for name in measured for port in services()[name]["expose"]} == {
        str(names["port"])
    }


def test_an_alert_says_what_is_the_matter_and_what_to_do() -> None:
    for rule in rules():
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["description"]


promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool (Debian's package prometheus) is not here"
)


@promtool
def test_prometheus_takes_its_settings_and_the_alerts() -> None:
    judged = subprocess.run(
        ["promtool", "check", "config", PROMETHEUS / "prometheus.yml"],
        capture_output=True,
        text=True,
    )
    assert judged.returncode == 0, judged.stderr


@promtool
def test_alerts_fire_when_they_should_and_only_then() -> None:
    judged = subprocess.run(
        ["promtool", "test", "rules", "alerts.yml"],
        capture_output=True,
        text=True,
        cwd=ROOT / "tests" / "deploy",
    )
    assert judged.returncode == 0, judged.stdout + judged.stderr
