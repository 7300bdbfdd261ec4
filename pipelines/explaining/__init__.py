"""Which words carried a prediction."""
