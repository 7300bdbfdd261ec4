"""Every error that Textwire raises on purpose.

    TextwireError
    ├── SettingsError          a setting, a file or a folder is wrong
    ├── Unavailable            something we need is away; trying again may help
    │   ├── BrokerUnavailable
    │   └── RedisUnavailable
    ├── ReplicaTaken           another process works under our replica's number
    ├── FenceTaken             another replica has taken over what was to be written
    ├── PortTaken              another program listens where we should
    ├── StackError             the embedded servers or a part could not start
    │   └── AlreadyUp
    ├── UnknownTopic           the broker has no topic of that name
    ├── RecordRejected         one record cannot be used; it becomes a dead letter
    │   ├── RecordTooLarge     it has more bytes than a service reads
    │   └── RecordSkipped      an operator had it passed over
    ├── Refused                a service says that it cannot serve what it was asked
    ├── TooLargeToSend         one record is larger than the broker takes
    ├── DataFileError          a file's rows cannot become messages
    ├── ArtifactError          a model artifact cannot be used
    │   ├── ArtifactMissing
    │   └── ArtifactCorrupt
    ├── DimensionMismatch      vectors of another width than the index
    ├── DataError              training or evaluation data cannot be used
    └── Timeout                nothing came within the time allowed

A message says what was wrong, where, and what to do about it.
"""


class TextwireError(Exception):
    """The root: what the command line prints as one clear message."""


class SettingsError(TextwireError):
    """A setting, its file or its folder is wrong."""


class Unavailable(TextwireError):
    """Something we depend on is away: worth another try."""


class BrokerUnavailable(Unavailable):
    """Kafka does not answer."""


class RedisUnavailable(Unavailable):
    """Redis does not answer, or does not do what it should until somebody mends it."""


class ReplicaTaken(TextwireError):
    """Another process joined the consumer group under our replica's number."""


class FenceTaken(TextwireError):
    """Another replica, of the same or a later generation, has taken over what was to be written."""


class PortTaken(TextwireError):
    """Another program listens on the port."""


class StackError(TextwireError):
    """An embedded server or a part could not be started or stopped."""


class AlreadyUp(StackError):
    """Textwire already runs in this folder."""


class UnknownTopic(TextwireError):
    """The broker has no topic of that name."""


class RecordRejected(TextwireError):
    """One record cannot be used; its reason goes with it to the dead letters."""


class RecordTooLarge(RecordRejected):
    """A record has more bytes than a service reads."""


class RecordSkipped(RecordRejected):
    """An operator had a record passed over."""


class Refused(TextwireError):
    """A service says that it cannot serve what it was asked, and what to ask instead."""


class TooLargeToSend(TextwireError):
    """A record is larger than the broker, or its topic, takes: no further try will help."""


class DataFileError(TextwireError):
    """Rows of a file cannot become messages; what is said names their lines."""


class ArtifactError(TextwireError):
    """A model artifact cannot be used."""


class ArtifactMissing(ArtifactError):
    """No artifact stands where one was expected."""


class ArtifactCorrupt(ArtifactError):
    """An artifact's files differ from what its manifest says."""


class DimensionMismatch(TextwireError):
    """Vectors have another width than the index."""


class DataError(TextwireError):
    """Training or evaluation data cannot be used."""


class Timeout(TextwireError):
    """Nothing came within the time allowed."""
