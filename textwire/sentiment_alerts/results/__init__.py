"""What sentiment alerts leave in the store: counts over time, articles, alerts, posts that wait.

`records` has what is kept, `keys` where, `writing` and `reading` how.
"""
