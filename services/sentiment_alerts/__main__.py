"""Start: `python -m services.sentiment_alerts`."""

from services.sentiment_alerts.article_scoring import ArticleScoring
from services.sentiment_alerts.service import main
from textwire.stream.running import service_main

if __name__ == "__main__":
    service_main(ArticleScoring.name, main)
