"""Scripts that part no words."""

from __future__ import annotations

import re

# Han and kana, written without spaces: neighbouring pairs stand for words, as is usual.
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
