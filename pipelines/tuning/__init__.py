"""What is put into a transformer so that a small part of it learns: one file for each kind."""
