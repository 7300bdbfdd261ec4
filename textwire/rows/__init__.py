"""Rows of files as messages, whatever form they come in; bad ones named by their places."""
