"""Posting alerts to an address, beside the stream and never in its way.

    news.alerts ──▶ posts that wait ──▶ the address
    (Kafka)         (Redis, and here)   takes it, refuses it, or not now: again, for a day

A consumer group of its own, which the replicas share, follows `news.alerts` (`webhook`). Each state
of an alert is put among the posts that wait (`waiting`) before the group moves on, and stands there
until the address (`address`) has taken it: so it is posted at least once, also after a crash, and
in the order of its alert. Whoever receives tells repeats by `webhook-id`. What an answer means for
a post is in `delivery`, when an address that failed is asked again in `retry_schedule`.
"""
