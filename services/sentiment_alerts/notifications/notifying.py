"""Every target of the file with a notifier of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from prometheus_client import Counter, Gauge

from services.sentiment_alerts.notifications.alertmanager import (
    AlertmanagerAddress,
    is_alertmanager,
)
from services.sentiment_alerts.notifications.apprise_address import ATTEMPT_S, AppriseAddress
from services.sentiment_alerts.notifications.daily_digest import DailyDigest
from services.sentiment_alerts.notifications.targets import Target, read_targets
from services.sentiment_alerts.posting.delivery import Delivery
from services.sentiment_alerts.posting.notifier import Notifier
from services.sentiment_alerts.posting.post_counts import PostCounts
from services.sentiment_alerts.posting.recipient import Recipient
from services.sentiment_alerts.posting.waiting import WaitingPosts
from textwire.errors import SettingsError
from textwire.observing.metrics import ServiceMetrics
from textwire.results.store import ResultStore
from textwire.sentiment_alerts.config import SentimentAlertsSettings
from textwire.settings import KafkaSettings
from textwire.stream.loop.stream_loop import now


def notifiers(
    settings: SentimentAlertsSettings,
    store: ResultStore,
    metrics: ServiceMetrics,
    kafka: KafkaSettings | None = None,
    group: str = "sentiment-alerts-notify",
    clock: Callable[[], datetime] = now,
) -> tuple[Notifier, ...]:
    """One for each target; none without a file.

    Raises: SettingsError: the file, or an address, cannot be used.
    """
    if settings.notify_targets is None:
        return ()
    targets = read_targets(settings.notify_targets)
    posts = Counter(
        "textwire_notifications",
        "Notifications, by target and outcome",
        ["target", "outcome"],
        registry=metrics.registry,
    )
    waiting = Gauge(
        "textwire_notifications_waiting",
        "Notifications that wait",
        ["target"],
        registry=metrics.registry,
    )

    def one(target: Target) -> Notifier:
        queue, name = WaitingPosts(store, target=target.name), f"notify {target.name}"
        counts = PostCounts(posts, waiting.labels(target.name), target=target.name)
        told = recipient(target)
        delivery = Delivery(name, told, queue, metrics, counts, target.policy, clock)
        digest = DailyDigest(target, queue, store, clock)
        of_target = f"{group}-{target.name}"
        return Notifier(name, delivery, metrics, ATTEMPT_S, of_target, kafka, digest.look)

    return tuple(map(one, targets))


def recipient(target: Target) -> Recipient:
    """Where a target's notices go.

    Raises: SettingsError: an address cannot be used.
    """
    urls = target.urls()
    if not any(map(is_alertmanager, urls)):
        return AppriseAddress(target.name, urls)
    if len(urls) > 1:
        raise SettingsError(
            f"Target {target.name} has an address of Alertmanager among others: make it a target "
            "of its own."
        )
    return AlertmanagerAddress(urls[0])
