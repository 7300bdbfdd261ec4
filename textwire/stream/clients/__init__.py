"""Topics for whoever is no service: sending, reading, asking, following."""
