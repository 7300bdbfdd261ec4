"""The reranker of support QA: reads a question beside each of the best passages."""
