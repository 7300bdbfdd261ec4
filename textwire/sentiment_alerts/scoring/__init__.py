"""Scoring: what is read in articles, of whom, how sure, and by which words."""
