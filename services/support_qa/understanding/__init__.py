"""What a message does, and what is searched for it."""
