"""Sentiment alerts: which companies a text names, what it says of each, what surges.

The service runs it live, `textwire backtest` over history, and both come to the same alerts.
"""
