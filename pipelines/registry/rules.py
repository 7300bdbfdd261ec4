"""The rules by which a version may serve, from a file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from textwire.errors import SettingsError
from textwire.models.artifacts.task_names import pipeline_of

SHIPPED = Path(__file__).with_name("gate.toml")
FOR_ALL = "all"


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """See gate.toml, which is what holds if nothing else is said."""

    least_gain: float | None = None
    certainty: float = 0.9
    least_speed: float | None = None
    most_ece: float | None = None
    most_forgotten: float | None = None
    least_agreement: float | None = None
    keep_versions: int = 5


def read_rules(task: str, path: Path | None = None) -> Rules:
    """Those of a task: of its own table or its pipeline's, and for the rest of `[all]`.

    Raises: SettingsError: the file cannot be read, or says what is no rule.
    """
    path = path or SHIPPED
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        for_all, for_pipeline = tables.get(FOR_ALL, {}), tables.get(pipeline_of(task), {})
        own = {**for_all, **for_pipeline, **tables.get(task, {})}
        return msgspec.convert(own, Rules)
    except (OSError, ValueError, TypeError, msgspec.ValidationError) as error:
        known = ", ".join(Rules.__struct_fields__)
        raise SettingsError(
            f"The gate's rules in {path} cannot be used: {error}. Rules are {known}, in a table "
            f"[{FOR_ALL}] or [{task}]."
        ) from error
