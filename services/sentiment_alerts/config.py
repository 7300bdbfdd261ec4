"""Settings of sentiment alerts; they stand in the library, since the backtest has the same."""

from textwire.sentiment_alerts.config import SentimentAlertsSettings

__all__ = ["SentimentAlertsSettings"]
