"""The public figures of support QA: intents of a bank's customers, and answers of a FAQ."""
