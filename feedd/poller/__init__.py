"""Polling: ask feeds, read what they answer, decide what it changes, store it; fetch articles.

`hosts` keeps the line, `asking` does one exchange, `concluding` and `network` decide (pure),
`polling` and `pages` are the two standing crews, `engine` puts it all together.
"""
