"""What travels: what a message is, what a topic is, and the registry of all topics.

Decoding is validation. JSON on the wire; unknown fields are ignored and new fields have defaults,
so that old and new versions can talk. Times are RFC 3339 in UTC; confidences lie in [0, 1].
What a sender may leave out (`id`, times) is completed by whoever receives it, from the record's
own place and time, so that the same record always gets the same id.
"""
