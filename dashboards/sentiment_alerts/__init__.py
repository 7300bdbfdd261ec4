"""Sentiment monitor: what is said of whom, what is unusual about it, what is done about it."""
