"""Polling: fetch feeds, parse what comes, decide what it changes, store it; fetch articles.

    feed_poller  feeds are submitted in batches
    queues       what waits, bounded: hosts take turns, documents for room, results to be stored
    network      is the network down, or are the feeds?
    fetch        what a server, a program or a file gives, parsed
    document     what a parse worker does
    decide       from what came to what it changes (pure), for the entries in `entry_changes`
    recorder     decides and stores, many feeds to a transaction
    hooks        the user's commands: `on_new`, `on_broken`
    tasks        background tasks, their supervisor, the thread of the database
    engine       all of it, opened and closed together

`pages` fetches articles, `relocate` reads archives and finds moved feeds, `push` talks with hubs.
"""
