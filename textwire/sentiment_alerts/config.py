"""Settings of sentiment alerts: the service's, and the backtest's, which must agree."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator

from textwire.sentiment_alerts.event_time import Timing
from textwire.sentiment_alerts.surges import Rules
from textwire.settings import Section
from textwire.urls import is_http_url


class SentimentAlertsSettings(Section, section="sentiment_alerts"):
    """How news are read, and when an alert is raised."""

    watchlist: Path | None = Field(
        None,
        description="file of the watched companies (.jsonl, .csv); empty: those of the sample news",
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
        1.0, gt=0, le=1000, description="surges by chance that are put up with, all keys together"
    )
    least_articles: int = Field(
        4, ge=2, le=1000, description="fewer negative articles in a window are no surge"
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
    ahead_hours: float = Field(
        24.0, gt=0, description="an article that is dated further ahead of its record is refused"
    )
    webhook_url: SecretStr = Field(
        SecretStr(""),
        description="where alerts are posted to, as JSON; empty: nowhere; with a token in it from "
        "the environment or a secret file",
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="key of the HMAC in `X-Textwire-Signature`; from the environment or a file",
    )
    webhook_timeout_s: float = Field(5.0, gt=0, le=60, description="longest wait for its answer")

    @field_validator("webhook_url")
    @classmethod
    def _http(cls, url: SecretStr) -> SecretStr:
        if url and not is_http_url(url.get_secret_value()):
            raise ValueError("must be an http:// or https:// address, its special signs escaped")
        return url

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
    def rules(self) -> Rules:
        """When there is a surge."""
        return Rules(
            false_alarms_per_day=self.false_alarms_per_day,
            least_articles=self.least_articles,
            quiet_minutes=self.quiet_minutes,
            reopen_hours=self.reopen_hours,
            half_life_days=self.half_life_days,
            warm_up_hours=self.warm_up_hours,
        )

    def timing(self, sources: int) -> Timing:
        """How event time is cut, for articles that come through so many partitions."""
        return Timing(
            step_minutes=self.step_minutes,
            window_minutes=self.window_minutes,
            lateness_minutes=self.lateness_minutes,
            sources=sources,
            idle_s=self.idle_s,
        )
