"""Two versions of the model against each other: who is shown which, and what came of it."""
