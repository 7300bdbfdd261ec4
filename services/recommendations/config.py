"""Settings of recommendations; they stand in the library, where lists are made and judged."""

from textwire.recommendations.config import RecommendationsSettings

__all__ = ["RecommendationsSettings"]
