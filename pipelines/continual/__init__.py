"""A model learns one period after another, and what it knew is measured each time."""
