"""Words of a request that name nothing."""

from __future__ import annotations

import re

_PREPOSITIONS = """
for of with without to in into on onto at from by under over against like that which and or than
about as
"""
# Of wishes, and of what is said of anything.
_EMPTY = """
a an the some any my your our his her their its this these those i we you he she it they me us
please need needs want wants looking look find show get buy would could can something anything thing
everything anyone everyone things stuff good best nice great cheap cheapest new really very more few
lot but only just is are be have has do does what where there who s t m d re ve ll not
"""
# Behind it stands what a book, a film or a song is of.
OF_A_SUBJECT = "about"
PREPOSITIONS, SAYS_NOTHING = frozenset(_PREPOSITIONS.split()), frozenset(_EMPTY.split())
WORD = re.compile(r"[^\W_]+")
