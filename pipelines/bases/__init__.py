"""Base models that come in packages, put together before anything learns from them."""
