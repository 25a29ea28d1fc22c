"""Entries pushed by a feed's hub [W3C WebSub].

hub         which hub and topic a feed offers
lease       a subscription: asked for, verified, renewed, lapsed
push        a pushed document: signed by the hub, parsed, stored
subscriber  asks hubs, and answers them
"""
