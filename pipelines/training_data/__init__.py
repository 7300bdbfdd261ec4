"""Training files: read, screened for repeats and unreadable texts, split."""
