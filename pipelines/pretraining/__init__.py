"""Before a task is learned: a base model learns from texts that nobody labelled."""
