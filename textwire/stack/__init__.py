"""The real Kafka and the real Redis, and whatever else `textwire up` runs, as child processes."""
