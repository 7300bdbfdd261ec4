"""Base models that come in packages and have to be put together first, by the name of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from pipelines.bases import mpnet
from pipelines.bases import multilingual_e5 as e5
from textwire.models.base_model import BaseModel

# Of each, what writes it to a folder inside the one that is given, unless it stands there.
PACKAGED_BASES: Mapping[str, Callable[[Path], BaseModel]] = {
    mpnet.NAME: mpnet.packaged_mpnet,
    e5.ALL: partial(e5.packaged_multilingual, e5.ALL),
    e5.CHINESE: partial(e5.packaged_multilingual, e5.CHINESE),
}


def unpacked_base(name: str | None, work_dir: Path) -> str | None:
    """What `--base` names: a packaged model by its folder, anything else as it is.

    Raises: DataError: its package is not installed, or carries another model.
    """
    if name is None or name not in PACKAGED_BASES:
        return name
    return str(PACKAGED_BASES[name](work_dir / "distillation" / "bases").folder)
