"""Prints lists as they are published: python consume_scores.py [host:port]. Needs kafka-python."""

import json
import sys

from kafka import KafkaConsumer

consumer = KafkaConsumer(
    "recs.scores",
    bootstrap_servers=sys.argv[1] if len(sys.argv) > 1 else "localhost:9092",
    group_id="my-shop",  # several of you share the work; another name reads all of it again
    isolation_level="read_committed",  # each list once, also after a crash of the service
    auto_offset_reset="earliest",
)
for record in consumer:
    scored = json.loads(record.value)
    if scored.get("error"):  # a request that could not be served: why, and what to send instead
        print(scored["user_id"], scored["request_id"], scored["error"], flush=True)
        continue
    for item in scored["dropped"]:  # candidates of the request that are not listed, and why
        print(scored["user_id"], "without", item["item_id"], item["why"], flush=True)
    best = [(item["item_id"], item["score"], item["reason"]) for item in scored["scores"][:3]]
    print(scored["user_id"], scored["trigger"], best, flush=True)
