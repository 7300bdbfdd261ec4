"""The head of events: what happened to a company, from states that the classifier computes."""
