"""What a request in words asks for: things, wishes beside one another, prices, what it excludes."""
