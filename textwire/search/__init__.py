"""Search in texts: by meaning (FAISS) and by words (BM25), slips of the keyboard corrected."""
