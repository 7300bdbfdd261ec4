"""Champions that travel with the code: what was learned, put together with its base, without torch."""
