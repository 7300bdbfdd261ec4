"""What makes an artifact, in one hash: the same again need not be made again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec


def fingerprint(
    *,
    data: Mapping[str, str],
    columns: Sequence[str],
    base: str,
    settings: Mapping[str, object],
    code: str,
) -> str:
    """The sha256 of all that decides what comes out, in hexadecimal.

    Args: data: sha256 of each file, by its path in the data folder; in whatever order.
          columns: `field=column`, which decides with the files what is read.
          base: sha256 of the base model's weights. settings: by name, in whatever order.
          code: `source_code.hash_source` of the pipeline.
    """
    content = msgspec.json.encode([data, columns, base, settings, code], order="deterministic")
    return hashlib.sha256(content).hexdigest()


def version_name(made_at: datetime, made_from: str) -> str:
    """The folder's name: names sort by time, and tell what was made from what."""
    return f"{made_at:%Y%m%dT%H%M%SZ}-{made_from[:8]}"
