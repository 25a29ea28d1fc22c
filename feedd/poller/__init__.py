"""Polling: fetch feeds, parse what comes, decide what it changes, store it; fetch articles.

What waits is bounded, what is decided is pure, what is stored goes many feeds to a transaction.
`pages` fetches articles, `relocate` reads archives and finds moved feeds, `push` talks with hubs.
"""
