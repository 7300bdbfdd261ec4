"""Two towers with attention over history: a sequence model, kept only where it finds more."""
