"""Alerts on their way to a recipient: beside the stream, and never in its way.

    news.alerts ──▶ posts that wait ──▶ the recipient
    (Kafka)         (Redis, and here)   takes it, refuses it, or not now: again, for a day

A consumer group of its own, which the replicas share, follows `news.alerts` (`notifier`). Each
state of an alert is put among the posts that wait (`waiting`) before the group moves on, and stands
there until the recipient (`recipient`) has taken it: so it is posted at least once, also after a
crash, and in the order of its alert. What an answer means for a post is in `delivery`, when a
recipient that failed is asked again in `retry_schedule`. Recipients are the address of `webhook/`
and the targets of `notifications/`.
"""
