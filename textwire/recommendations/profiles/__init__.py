"""Users as profiles: what they did and said, each fading with its age."""
