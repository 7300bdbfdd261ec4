"""The files that containers are started from, read as data."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "docker-compose.yml"
SECRETS = ROOT / "deploy" / "compose" / "secrets.yml"
OVERRIDES = sorted((ROOT / "deploy" / "compose").glob("*.yml"))
DOCKERFILE = ROOT / "Dockerfile"
BOARD = ROOT / "deploy" / "grafana" / "dashboards" / "textwire.json"
PROMETHEUS = ROOT / "deploy" / "prometheus"

# ${NAME}, ${NAME:-default}, ${NAME:?why}
VARIABLE = re.compile(r"\$\{([A-Z_]+)(?:(:[-?])([^}]*))?\}")
OURS = re.compile(r"textwire-(serve|train):")


class _ComposeLoader(yaml.SafeLoader):
    """YAML with the two tags by which one compose file changes another."""


def _override(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    return None


_ComposeLoader.add_constructor("!override", _override)
_ComposeLoader.add_constructor("!reset", _override)


def read_yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), _ComposeLoader)  # noqa: S506 - a safe loader


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = read_yaml(COMPOSE)["services"]
    return found


def our_services() -> dict[str, dict[str, Any]]:
    """Those that run an image of ours."""
    return {name: s for name, s in services().items() if OURS.match(s["image"])}


def board() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(BOARD.read_text(encoding="utf-8"))
    return read


def board_queries() -> list[str]:
    """What the board asks Prometheus, in its panels and its variables."""
    panels = [target["expr"] for panel in board()["panels"] for target in panel.get("targets", [])]
    variables = [variable["definition"] for variable in board()["templating"]["list"]]
    return [*panels, *variables]


def rules() -> list[dict[str, Any]]:
    groups = read_yaml(PROMETHEUS / "rules.yml")["groups"]
    return [rule for group in groups for rule in group["rules"]]
