"""The webhook: what comes on `news.alerts` posted to one address, signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.sentiment_alerts.webhook.address import Address
from services.sentiment_alerts.webhook.delivery import Delivery
from services.sentiment_alerts.webhook.notifier import Notifier
from services.sentiment_alerts.webhook.waiting import WaitingPosts
from textwire.observing.metrics import ServiceMetrics
from textwire.results.store import ResultStore
from textwire.sentiment_alerts.config import SentimentAlertsSettings
from textwire.settings import KafkaSettings
from textwire.stream.loop.stream_loop import now

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
        delivery = Delivery(address, WaitingPosts(store), metrics, None, clock, policy)
        super().__init__("webhook", delivery, metrics, settings.webhook_timeout_s, group, kafka)
