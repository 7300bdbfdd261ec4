"""What the bot does about a message, and the words of its answer."""
