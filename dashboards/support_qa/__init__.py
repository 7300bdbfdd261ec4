"""Support chat: a customer asks, and sees the answer with its sources, or who takes over."""
