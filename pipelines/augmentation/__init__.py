"""More texts out of those that there are, for training alone."""
