"""A small model learns what a larger one says of texts, labelled or not."""
