"""Settings of parts, read from a file, secrets and the environment."""
