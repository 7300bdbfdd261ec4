"""The recommender: an encoder that finds what users want next, and a ranker with odds to trust."""
