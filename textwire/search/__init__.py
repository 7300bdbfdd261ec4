"""Search in texts: by meaning (FAISS), by words (BM25), and both fused by rank."""
