"""Who is told of what: a file of targets, whose addresses stand in the environment or in files."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from textwire.errors import SettingsError
from textwire.sentiment_alerts.messages import Severity, Transition
from textwire.sentiment_alerts.notification_policy import NotificationPolicy, QuietHours

Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who is told.

    url_env, url_file  the variable, or the file, that holds its addresses, as apprise writes them.
    alerts             whether it is told of alerts one by one, of those that the fields below say.
    digest_at          the time of day, by the clock of `zone`, at which it gets a digest of a day.
    """

    name: Name
    url_env: str = ""
    url_file: str = ""
    alerts: bool = True
    of: tuple[Transition, ...] = ("opened", "escalated", "reopened", "resolved")
    least_severity: Severity = "low"
    companies: tuple[str, ...] = ()
    quiet_hours: str = ""
    zone: str = "UTC"
    group_s: float = 0.0
    digest_at: time | None = None

    @property
    def policy(self) -> NotificationPolicy:
        """Which alerts it is told of, and when."""
        return NotificationPolicy(
            self.of if self.alerts else (),
            self.least_severity,
            self.companies,
            QuietHours.parse(self.quiet_hours, self.zone),
            self.group_s,
        )

    def urls(self, environment: Mapping[str, str] = os.environ) -> list[str]:
        """Its addresses.

        Raises: SettingsError: there are none; of what is there nothing is quoted.
        """
        if bool(self.url_env) == bool(self.url_file):
            raise SettingsError(
                f"Target {self.name} of sentiment_alerts.notify_targets needs its address: name "
                "the variable that holds it in url_env, or the file in url_file, and not both."
            )
        try:
            text = (
                environment.get(self.url_env, "")
                if self.url_env
                else Path(self.url_file).read_text(encoding="utf-8")
            )
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"The address of target {self.name} cannot be read from {self.url_file}: {error}."
            ) from error
        urls = re.split(r"\s+", text.strip()) if text.strip() else []
        if not urls:
            raise SettingsError(
                f"Target {self.name} has no address in {self.url_env or self.url_file}."
            )
        return urls


class _Targets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    target: tuple[Target, ...] = ()


def read_targets(path: Path) -> tuple[Target, ...]:
    """The targets of a file of TOML.

    Raises: SettingsError: it cannot be read, a field is wrong, or two have one name.
    """
    try:
        read = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _Targets)
        for one in read.target:
            ZoneInfo(one.zone)
            QuietHours.parse(one.quiet_hours, one.zone)
    except (OSError, ValueError, msgspec.ValidationError, ZoneInfoNotFoundError) as error:
        raise SettingsError(
            f"{path}, the file of sentiment_alerts.notify_targets, cannot be used: {error}."
        ) from error
    names = [one.name for one in read.target]
    if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
        raise SettingsError(f"{path} has two targets of the name {twice[0]}.")
    return read.target
