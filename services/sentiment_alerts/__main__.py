"""Start: `python -m services.sentiment_alerts`."""

from services.sentiment_alerts.processor import SentimentAlerts
from services.sentiment_alerts.service import main
from textwire.stream.running import service_main

if __name__ == "__main__":
    service_main(SentimentAlerts.name, main)
