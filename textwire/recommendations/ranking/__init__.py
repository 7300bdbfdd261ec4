"""From what is known of a user and an item to an order: features, prior, ranker, diversity."""
