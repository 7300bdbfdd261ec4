"""The reranker."""
