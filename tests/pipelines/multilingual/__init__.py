"""A base model that reads Chinese."""
