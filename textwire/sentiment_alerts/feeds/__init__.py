"""Feeds of news, RSS, Atom and JSON Feed, read from the web and sent as articles.

    list of addresses ──▶ one round: what is due, host by host ──▶ news.articles
    (subscriptions)       fetching ▶ parsing ▶ entries              news.feeds: what is dead

`polling` is the place to begin reading. What is remembered of a feed (`state`) is written after its
articles were taken by the broker, so that none is lost; and since their ids follow from the feed's
own, what is sent twice counts once. Whether a feed is dead is judged in `liveliness`.
"""
