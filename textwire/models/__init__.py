"""Models as artifacts: made by pipelines, kept in a registry, served by an engine."""
