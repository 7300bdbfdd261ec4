"""Every tokenizer reads the marks that our texts are written with, `[SEP]` and `[MASK]`.

Tokenizers of RoBERTa's and MPNet's family know them as `</s>` and `<mask>`, and would read ours as
brackets and a word. Names of tokens are names alone: where one is renamed its id and its vector
stay what they were, and who serves the model need not know.
"""

from __future__ import annotations

import json
from typing import Any

SEPARATOR = "[SEP]"
MASK = "[MASK]"


def with_our_marks(tokenizer: str, separator: str | None, mask: str | None) -> str:
    """The content of a `tokenizer.json` in which those two tokens have our names.

    Args: separator, mask: how it names them; None where it has none.
    """
    renamed = {
        theirs: ours
        for theirs, ours in ((separator, SEPARATOR), (mask, MASK))
        if theirs and theirs != ours
    }
    if not renamed:
        return tokenizer
    content: dict[str, Any] = json.loads(tokenizer)
    vocabulary = content["model"]["vocab"]
    if isinstance(vocabulary, list):  # Unigram's: pieces with their scores, by their ids
        content["model"]["vocab"] = [[renamed.get(one, one), score] for one, score in vocabulary]
    else:
        for theirs, ours in renamed.items():
            if ours in vocabulary:  # MPNet carries BERT's vocabulary, and never learned its marks
                vocabulary[f"<unused {ours}>"] = vocabulary.pop(ours)
            vocabulary[ours] = vocabulary.pop(theirs)
    for token in content["added_tokens"]:
        if token["content"] in renamed:
            token |= {"content": renamed[token["content"]], "lstrip": False}
    content["post_processor"] = _renamed(content["post_processor"], renamed)
    return json.dumps(content, ensure_ascii=False)


def _renamed(part: Any, names: dict[str, str]) -> Any:
    """The same with every such string replaced, however deep it stands."""
    if isinstance(part, str):
        return names.get(part, part)
    if isinstance(part, list):
        return [_renamed(one, names) for one in part]
    if isinstance(part, dict):
        return {names.get(key, key): _renamed(value, names) for key, value in part.items()}
    return part
