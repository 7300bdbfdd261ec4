"""The loop that closes: drift and feedback lead to a challenger, its shadow to a decision."""
