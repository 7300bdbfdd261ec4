"""Posting alerts to one address, as a program reads them; how they get there is in `posting/`.

The address (`address`) is asked as Standard Webhooks say. Whoever receives tells repeats by
`webhook-id`.
"""
