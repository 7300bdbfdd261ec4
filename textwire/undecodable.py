"""What decoding bytes that others wrote may raise: JSON or msgpack, of a type or of none at all."""

from __future__ import annotations

import msgspec

# ValueError: what is not UTF-8, and numbers that no type holds. RecursionError: nested too deeply.
NOT_DECODABLE = (msgspec.MsgspecError, ValueError, RecursionError)
