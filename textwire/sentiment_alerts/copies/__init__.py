"""Copies: articles and headlines that tell the same, word by word or nearly so."""
