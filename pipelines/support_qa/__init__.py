"""The retriever of support QA: from past questions to a served encoder with honest confidence."""
