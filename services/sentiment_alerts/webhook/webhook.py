"""The webhook: what comes on `news.alerts` posted to one address, signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge

from services.sentiment_alerts.posting.delivery import Delivery
from services.sentiment_alerts.posting.notifier import Notifier
from services.sentiment_alerts.posting.post_counts import PostCounts
from services.sentiment_alerts.posting.waiting import WaitingPosts
from services.sentiment_alerts.webhook.address import Address
from textwire.observing.metrics import ServiceMetrics
from textwire.results.store import ResultStore
from textwire.sentiment_alerts.config import SentimentAlertsSettings
from textwire.settings import KafkaSettings
from textwire.stream.loop.stream_loop import now

NAME = "webhook"
GROUP = "sentiment-alerts-webhook"


class Webhook(Notifier):
    """Posts what comes on `news.alerts`; what it lacks is warned of."""

    def __init__(
        self,
        settings: SentimentAlertsSettings,
        store: ResultStore,
        metrics: ServiceMetrics,
        kafka: KafkaSettings | None = None,
        group: str = GROUP,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """Start with `start()`.

        Raises: SettingsError: alerts cannot be posted to the address.
        """
        address = Address(
            settings.webhook_url.get_secret_value(),
            settings.webhook_secrets,
            settings.webhook_timeout_s,
        )
        policy = settings.notification_policy
        counts = webhook_counts(metrics.registry)
        delivery = Delivery(NAME, address, WaitingPosts(store), metrics, counts, policy, clock)
        super().__init__(NAME, delivery, metrics, settings.webhook_timeout_s, group, kafka)


def webhook_counts(registry: CollectorRegistry) -> PostCounts:
    """The webhook's posts, registered once for each registry."""
    return PostCounts(
        Counter(
            "textwire_webhook_posts",
            "Alerts to be posted, by outcome",
            ["outcome"],
            registry=registry,
        ),
        Gauge("textwire_webhook_waiting", "Posts that wait", registry=registry),
    )
