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


def derived_version_name(made_at: datetime, before: str, by: object) -> str:
    """The name of a version that was made of another one without training anew.

    Both have one fingerprint, and a small one is made within the second of its parent: a hash of
    the parent's name and of what was done keeps their names apart.

    Args: before: the parent's version.
          by: what was done to it, with all that decides what comes out; as JSON can hold it.
    """
    content = msgspec.json.encode([before, by], order="deterministic")
    return version_name(made_at, hashlib.sha256(content).hexdigest())
