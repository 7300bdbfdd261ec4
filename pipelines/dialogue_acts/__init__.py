"""Dialogue acts: what a customer's message does in a support conversation."""
