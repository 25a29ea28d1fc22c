"""Entries pushed by a feed's hub [W3C WebSub]."""
