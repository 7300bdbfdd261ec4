"""Sentiment: the classifier of articles, of what they say of companies, and of their topics."""
