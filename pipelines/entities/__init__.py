"""Names of entities in texts: token classification by BIO tags."""
