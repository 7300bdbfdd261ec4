"""Versions of models: what they are worth, which one serves, and why."""
