"""The reranker on public data."""
