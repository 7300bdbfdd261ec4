"""Learning from unlabelled texts."""
