"""News: which companies a text names, what it says of each, which texts are copies, what surges.

Pure: the service runs it live, `textwire backtest` over history, and both come to the same alerts.
"""
