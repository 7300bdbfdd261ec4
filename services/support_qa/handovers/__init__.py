"""From the bot to a person and back: what they are given, how it stands, what is said meanwhile."""
