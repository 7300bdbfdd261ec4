"""Textwire: NLP applications on a stream."""

__version__ = "0.1.0"
