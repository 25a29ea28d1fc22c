"""Entries pushed by a feed's hub [W3C WebSub]: what the subscriber decides. Pure.

    offering    which hub and topic a feed offers
    leasing     the life of a subscription: asked for, verified, renewed, lapsed
    intent      what a hub that asks whether we meant it is told
    signature   whether a push is the hub's own

Asking hubs, answering them and storing what they push is the poller's.
"""
