"""How good it is on public data, beside published figures."""
