"""A language model that words answers, where one is configured; `docs/language-model.md`.

    answer in the passage's own sentences ──▶ prompt ──▶ the model's text ──▶ sentences ──▶ answer
    with its sources (`answering`)                       (`endpoint`)        that the sources
                                                                             support (`grounding`)

Whatever goes wrong on the way (`failures`), the answer stays as it was, and it is counted and
logged why. Nothing that the model says reaches a customer unless a source says it.
"""
