"""How good it is on public data."""
