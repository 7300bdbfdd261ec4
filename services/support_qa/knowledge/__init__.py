"""The passages that serve, and what the team should know of them."""
