"""Support QA: its messages and topics, the passages and how they are found, what is sure enough."""
