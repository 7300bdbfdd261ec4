"""Sentiment alerts: reads news, tells what each says of which company, and alerts on surges."""
