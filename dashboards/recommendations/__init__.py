"""Recommendations: what a shopper did, seems to like, and is offered."""
