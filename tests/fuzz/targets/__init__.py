"""Everything that is fuzzed."""

from tests.fuzz.targets.batches import BATCHES
from tests.fuzz.targets.files import FILES
from tests.fuzz.targets.records import RECORDS
from tests.fuzz.targets.settings import SETTINGS
from tests.fuzz.targets.texts import TEXTS

ALL = (*BATCHES, *RECORDS, *FILES, *SETTINGS, *TEXTS)
