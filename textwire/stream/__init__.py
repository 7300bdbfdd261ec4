"""From topic to topic: poll, decode, process, store, publish, commit."""
