"""Real histories for `textwire backtest`: how they are read, and which companies are watched."""
