"""What all users do, counted from the stream: popular items, items taken together."""
