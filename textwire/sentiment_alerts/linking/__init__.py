"""Linking: which companies of a watchlist a text names, and which names are only words."""
