"""Records that could not be used: what is kept of them, where, and the way back."""
