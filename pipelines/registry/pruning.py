"""Old versions go, so that a registry does not grow for ever."""

from __future__ import annotations

from pipelines.registry.decisions import champion_before
from pipelines.running.progress import Progress
from textwire.models.artifacts.registry import Registry


def prune(registry: Registry, task: str, keep_versions: int, progress: Progress) -> list[str]:
    """Delete all but the newest versions; the names of those that went.

    What an alias names stays, and so does the champion before, which a rollback goes back to.
    """
    gone = prunable(registry, task, keep_versions)
    for version in gone:
        registry.remove(task, version)
    leftovers = registry.remove_leftovers(task)
    if gone or leftovers:
        unfinished = f" and {leftovers} that were never finished" if leftovers else ""
        progress.say(f"Removed {len(gone)} old versions of {task}{unfinished}.")
    return gone


def prunable(registry: Registry, task: str, keep_versions: int) -> list[str]:
    """The versions that would go, oldest first."""
    kept = {*registry.aliases(task).values(), champion_before(registry, task)}
    others = [version for version in registry.versions(task) if version not in kept]
    return others[: max(0, len(others) - keep_versions)]
