"""Champions that travel with the code: what was learned, joined with its base without torch."""
