"""Base models that come in packages."""
