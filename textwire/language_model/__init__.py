"""Asking a language model at an OpenAI-compatible address, where one is configured."""
