"""What is promised of the stream, tried on real servers while everything goes wrong.

`python -m tests.chaos` runs every scenario (scenarios.py is the place to begin reading) and writes
docs/results/reliability.md. A scenario is a load on a service (subjects/), a seeded schedule of
faults (faults/), and a judgement: every record answered once, in order, and once in Redis
(ledger.py, verdict.py), and readiness true in every second (truth.py, readiness.py).
"""
