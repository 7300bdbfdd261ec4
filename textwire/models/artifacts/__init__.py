"""Artifacts and where they are kept: manifests, versions, aliases, local copies."""
