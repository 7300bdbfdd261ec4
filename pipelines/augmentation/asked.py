"""Which augmentations a recipe asks for, by the names that people give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random

from pipelines.augmentation.framing import Framing
from pipelines.augmentation.name_swaps import NameSwap
from pipelines.augmentation.typing_noise import as_typed
from pipelines.augmentation.word_edits import with_words_edited
from textwire.errors import SettingsError

Wording = Callable[[str, Random], str]
# Drawn anew in each epoch, of what is said in a text.
WORDINGS: Mapping[str, Wording] = {"typing": as_typed, "words": with_words_edited}
NAMES = "names"
# Made once and learned beside the texts.
BACK_TRANSLATION = "back-translation"
PARAPHRASE = "paraphrase"
KNOWN = (*WORDINGS, NAMES, BACK_TRANSLATION, PARAPHRASE)


def asked_augmentations(augment: str) -> tuple[str, ...]:
    """The names in a setting, which stand apart by commas.

    Raises: SettingsError: one of them is not known.
    """
    asked = tuple(name.strip() for name in augment.split(",") if name.strip())
    unknown = [name for name in asked if name not in KNOWN]
    if unknown:
        raise SettingsError(
            f"augment={augment} names `{unknown[0]}`, which is none of {', '.join(KNOWN)}. Give "
            "one of these, or several with commas between them."
        )
    return asked


def worded_anew(augment: str, framing: Framing, texts: Sequence[str]) -> Wording | None:
    """What gives each text another wording in each epoch; None where nothing does.

    Args:   texts: all that are learned from, whose names may be swapped.
    Raises: SettingsError: names are to be swapped, and texts are read for nobody.
    """
    asked = asked_augmentations(augment)
    if NAMES in asked and not framing.after_name:
        raise SettingsError(
            "augment=names swaps the company that a text is read for, and texts are read for "
            "nobody here: leave it out."
        )
    swap = NameSwap(texts, framing.after_name) if NAMES in asked else None
    wordings = [WORDINGS[name] for name in asked if name in WORDINGS]
    if swap is None and not wordings:
        return None

    def wording(text: str, rng: Random) -> str:
        before, said, after = framing.parts(text)
        for change in wordings:
            said = change(said, rng)
        anew = f"{before}{said}{after}"
        return anew if swap is None else swap(anew, rng)

    return wording
