"""Our batches and losses in transformers' Trainer, and runs that go on after a kill."""
