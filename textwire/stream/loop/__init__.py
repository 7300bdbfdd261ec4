"""The loop of a service: what was read waits, is worked on in batches, stored and published."""
