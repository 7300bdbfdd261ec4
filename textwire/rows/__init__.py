"""Rows of files as messages: JSON lines, CSV, Parquet, Markdown; bad ones named by their lines."""
