"""Fuzz one target guided by coverage: `python -m tests.fuzz.guided TARGET [-atheris_runs=N]`.

Needs atheris, which is no dependency of ours: where it is installed, inputs that reach new code are
changed further, so that what hypothesis would hardly draw is found.
"""

from __future__ import annotations

import sys

import atheris
from hypothesis import given, settings

with atheris.instrument_imports(include=["textwire", "services"]):
    from tests.fuzz.targets import ALL


def main(name: str, *options: str) -> None:
    """Try until told to stop, or something breaks its promise."""
    [target] = [one for one in ALL if one.name == name]

    @settings(database=None, deadline=None)
    @given(target.inputs)
    def try_one(given_input: object) -> None:
        target.try_one(given_input)

    atheris.Setup([sys.argv[0], *options], try_one.hypothesis.fuzz_one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
