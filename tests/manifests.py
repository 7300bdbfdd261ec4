"""What a manifest must have, for tests that look at little of it."""

from __future__ import annotations

from datetime import UTC, datetime

from textwire.models.artifacts.manifest import Manifest


def some_manifest(task: str, **fields: object) -> Manifest:
    """Of a task, with these fields, and others as they come."""
    usual: dict[str, object] = {
        "version": "v1",
        "fingerprint": "f" * 64,
        "created_at": datetime(2026, 11, 22, tzinfo=UTC),
        "textwire_version": "0",
        "base": "hashing",
        "method": "none",
        "data": {},
        "settings": {},
        "dimension": 64,
        "max_tokens": 256,
    }
    return Manifest(task=task, **(usual | fields))  # type: ignore[arg-type]
