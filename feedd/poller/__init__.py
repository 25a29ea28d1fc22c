"""Polling: fetch feeds, parse what comes, decide what it changes, store it; fetch articles.

    feed_poller    feeds are submitted in batches; is the network up
    host_queue     hosts take turns
    fetch          one exchange with a server, and the parsing of what came
    sources        `file:` and `exec:` feeds
    document       what a parse worker does
    decide         from what came to what it changes (pure)
    entry_changes  what a document changes of the entries (pure)
    recorder       decides and stores, many feeds to a transaction
    tasks          background tasks and their supervisor
    engine         all of it, opened and closed together

`pages` fetches articles, `relocate` reads archives and finds moved feeds, `push` talks with hubs.
"""
