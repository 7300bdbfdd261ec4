"""The applications: one package, one process each; `python -m services.<name>` starts a replica."""
