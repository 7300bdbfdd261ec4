"""The parts of the page Sentiment monitor, each drawn again by itself."""
