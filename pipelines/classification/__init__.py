"""Texts told apart: one encoder, a head for the label, a head for topics; for any pipeline."""
