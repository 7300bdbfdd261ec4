"""What services write and pages read: Redis in life, memory in tests, one contract over both."""
