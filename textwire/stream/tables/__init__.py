"""Compacted topics as tables: every replica reads all rows and follows them."""
