"""In which language a text is written, as far as that can be told from a few words."""

from __future__ import annotations

from functools import cache
from typing import Any

# Those of customers and newsrooms. Among all that py3langid knows, short English is taken for
# Serbian or Nigerian Pidgin.
# fmt: off
LANGUAGES = (
    "ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr",
    "he", "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "nl",
    "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tr", "uk",
    "ur", "vi", "zh",
)
# fmt: on
# Of 5,540 short English messages 9 are taken for another language with this or more, most of them
# names and greetings that are; German, French, Dutch, Polish questions reach 0.9.
SURE = 0.7
LEAST_LETTERS = 8


def foreign_language(text: str, own: str, sure: float = SURE) -> str | None:
    """The language of a text (ISO 639-1), if it surely is another than one's own; else None.

    Args: sure: with this probability or more; less does where something else speaks for it too.
    """
    letters = [letter for letter in text if letter.isalpha()]
    # A word of Chinese is short, and cannot be taken for one of a Latin script.
    if len(letters) < LEAST_LETTERS and all(letter < "\u0370" for letter in letters):
        return None
    language, probability = _identifier().classify(text)
    return str(language) if language != own and probability >= sure else None


def load_language_model() -> None:
    """Read what tells languages now: it takes a second, for which no text should have to wait."""
    _identifier()


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier
