"""Telling people of alerts: by e-mail, chat and pagers, beside the webhook.

A file (`targets`) says who is told of what, and when. Each target is a `Notifier` of its own, with
a consumer group, a queue in Redis and a schedule of tries: one that is away keeps no other waiting,
and what it has not taken is tried again for a day (`posting/`). What is sent is written in
`notices`, and sent by apprise (`apprise_address`), or to Alertmanager (`alertmanager`);
`daily_digest` sums up a day.
"""
