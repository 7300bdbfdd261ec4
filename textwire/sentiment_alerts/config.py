"""Settings of sentiment alerts: the service's, and the backtest's, which must agree."""

from __future__ import annotations

import binascii
from base64 import b64decode
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator, model_validator

from textwire.sentiment_alerts.event_time import Timing
from textwire.sentiment_alerts.messages import Severity, Transition
from textwire.sentiment_alerts.notification_policy import NotificationPolicy, QuietHours
from textwire.sentiment_alerts.shifts.market_fall import MarketRules
from textwire.sentiment_alerts.surges.rules import Rules
from textwire.settings import Section
from textwire.urls import is_http_url

SECRET_PREFIX = "whsec_"  # noqa: S105 - what every secret begins with
SECRET_BYTES = range(24, 65)


class SentimentAlertsSettings(Section, section="sentiment_alerts"):
    """How news are read, and when an alert is raised."""

    watchlist: Path | None = Field(
        None,
        description="file of the companies that the first start watches (.jsonl, .csv, .tsv, "
        ".xlsx, .parquet), and a backtest without a Kafka; empty: those of the sample news. From "
        "then on `textwire watchlist` changes them; an edited file is warned of until it is loaded",
    )
    alert_rules: Path | None = Field(
        None,
        description="file of what is grave (.toml): events of which one article is enough, and "
        "severities by company and source; empty: the rules that come with the code",
    )
    # Of 159 alerts that it added on a real history one reader held 34 to be true.
    learned_events: bool = Field(
        False,
        description="whether events of the rules' names are told by the model's head of events "
        "too, which finds more and is often wrong on news at large; otherwise by phrases alone",
    )
    step_minutes: int = Field(
        10, ge=1, le=60, description="width of the cells in which articles are counted"
    )
    window_minutes: int = Field(
        60, ge=2, le=24 * 60, description="width of the window in which a surge is looked for"
    )
    lateness_minutes: int = Field(
        15, ge=0, description="how much later than the newest an article may come and be counted"
    )
    idle_s: int = Field(
        60, ge=1, description="silence after which a partition of articles is not waited for"
    )
    false_alarms_per_day: float = Field(
        1.0, gt=0, le=1000, description="alarms by chance that are put up with, all keys together"
    )
    least_articles: int = Field(
        4, ge=2, le=1000, description="fewer negative articles in a window are no surge"
    )
    shift_share: float = Field(
        0.1,
        ge=0,
        le=0.9,
        description="of the false alarms, the share that falls of tone may have, which no burst of "
        "articles tells of; 0: such falls are not looked for",
    )
    market_share: float = Field(
        0.02,
        ge=0,
        le=0.09,
        description="of the false alarms, the share that falls of the tone of all companies "
        "together may have; 0: such falls are not looked for",
    )
    market_topics: tuple[str, ...] = Field(
        MarketRules().topics,
        description="topics that tell of the market itself: its tone is looked at apart too",
    )
    market_leaves_out: tuple[str, ...] = Field(
        MarketRules().left_out,
        description="topics that say nothing of the market: an article that is about these alone "
        "and names no company is no part of its tone",
    )
    quiet_minutes: int = Field(
        30, ge=1, description="an alert is resolved after so long without an unusual count"
    )
    reopen_hours: float = Field(
        6.0, ge=1, le=72, description="a surge so soon after its key's last one reopens its alert"
    )
    half_life_days: float = Field(
        7.0, gt=0, le=365, description="after which an hour counts half in what is usual"
    )
    warm_up_hours: float = Field(
        6.0, ge=0, le=24 * 7, description="an engine that has just begun raises nothing for so long"
    )
    silence_minutes: int = Field(
        30,
        ge=1,
        description="a partition of articles that is silent for so long, while others "
        "are not, is told of in an alert",
    )
    zone: str = Field(
        "UTC",
        description="whose clock the news follow, such as America/New_York: what is usual is "
        "learned by half hour of the week there",
    )
    topic_alerts: bool = Field(
        False, description="whether a topic across companies raises alerts of its own"
    )
    ahead_minutes: float = Field(
        5.0,
        ge=0,
        le=24 * 60,
        description="an article that is dated further ahead of its record is taken to be of then",
    )
    webhook_url: SecretStr = Field(
        SecretStr(""),
        description="where alerts are posted to, as JSON; empty: nowhere; with a token or "
        "`name:password@` in it from the environment or a secret file",
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="key that posts are signed with as Standard Webhooks say: `whsec_` and 24 to "
        "64 random bytes in base64; several with spaces between them while receivers go over from "
        "one to another; empty: not signed; from the environment or a secret file",
    )
    webhook_timeout_s: float = Field(
        5.0, gt=0, le=60, description="longest time for one attempt to post, its answer included"
    )

    notify_of: tuple[Transition, ...] = Field(
        ("opened", "escalated", "reopened", "resolved"),
        description="what an alert must have come to for a post; all else is on the topic alone",
    )
    notify_least_severity: Severity = Field(
        "low", description="alerts that are less grave are not posted"
    )
    notify_companies: tuple[str, ...] = Field(
        (), description="only alerts of these companies are posted; empty: all alerts"
    )
    notify_group_s: float = Field(
        0.0, ge=0, le=3600, description="what changes again within so long is posted once"
    )
    notify_targets: Path | None = Field(
        None,
        description="file of targets (.toml) that are told by e-mail, chat or pager: docs/"
        "notifications.md; empty: none",
    )
    quiet_hours: str = Field(
        "",
        description="when all but alerts of high severity wait, such as 22:00-07:00 by the clock "
        "of `zone`; of an alert that changes meanwhile the last state is posted",
    )

    @field_validator("quiet_hours")
    @classmethod
    def _span(cls, text: str) -> str:
        QuietHours.parse(text, "UTC")
        return text

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(
                f"{zone!r} is no time zone: name one as Europe/London, or UTC"
            ) from error
        return zone

    @field_validator("webhook_url")
    @classmethod
    def _http(cls, url: SecretStr) -> SecretStr:
        if url and not is_http_url(url.get_secret_value()):
            raise ValueError("must be an http:// or https:// address, its special signs escaped")
        return url

    @field_validator("webhook_secret")
    @classmethod
    def _signing(cls, secrets: SecretStr) -> SecretStr:
        if not all(map(is_signing_secret, secrets.get_secret_value().split())):
            raise ValueError(
                "must be whsec_ and 24 to 64 random bytes in base64, several with spaces between "
                'them; to make one: echo "whsec_$(openssl rand -base64 32)"'
            )
        return secrets

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if 60 % self.step_minutes:
            raise ValueError("step_minutes must divide an hour: 1, 2, 3, 4, 5, 6, 10, 12, ...")
        if self.window_minutes % self.step_minutes or self.window_minutes <= self.step_minutes:
            raise ValueError("window_minutes must be several times step_minutes")
        if self.lateness_minutes > self.window_minutes - self.step_minutes:
            raise ValueError("lateness_minutes must be at most window_minutes less step_minutes")
        return self

    @property
    def webhook_secrets(self) -> list[str]:
        """All that posts are signed with."""
        return self.webhook_secret.get_secret_value().split()

    @property
    def rules(self) -> Rules:
        """When there is a surge."""
        return Rules(
            false_alarms_per_day=self.false_alarms_per_day,
            least_articles=self.least_articles,
            quiet_minutes=self.quiet_minutes,
            reopen_hours=self.reopen_hours,
            half_life_days=self.half_life_days,
            warm_up_hours=self.warm_up_hours,
            topic_alerts=self.topic_alerts,
            shift_share=self.shift_share,
            market_share=self.market_share,
            market_topics=self.market_topics,
            market_leaves_out=self.market_leaves_out,
        )

    @property
    def notification_policy(self) -> NotificationPolicy:
        """What is posted, and when."""
        return NotificationPolicy(
            self.notify_of,
            self.notify_least_severity,
            self.notify_companies,
            QuietHours.parse(self.quiet_hours, self.zone),
            self.notify_group_s,
        )

    def timing(self, sources: int) -> Timing:
        """How event time is cut, for articles that come through so many partitions."""
        return Timing(
            step_minutes=self.step_minutes,
            window_minutes=self.window_minutes,
            lateness_minutes=self.lateness_minutes,
            sources=sources,
            idle_s=self.idle_s,
            silence_minutes=self.silence_minutes,
            zone=self.zone,
        )


def is_signing_secret(text: str) -> bool:
    """Whether it is a symmetric secret as Standard Webhooks have them."""
    encoded = text.removeprefix(SECRET_PREFIX)
    try:
        length = len(b64decode(encoded, validate=True))
    except (binascii.Error, ValueError):  # ValueError: it is not ASCII
        return False
    return text.startswith(SECRET_PREFIX) and length in SECRET_BYTES
