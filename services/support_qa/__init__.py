"""Support QA: answers customers' questions from passages, or hands them to a person."""
