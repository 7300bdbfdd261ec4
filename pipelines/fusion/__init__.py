"""One vector of several kinds of one item: of its text, its picture, its numbers."""
