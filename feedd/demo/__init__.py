"""A small town with a dozen feeds, on loopback, and a tour of feedd's commands through it.

`stories` holds what the town writes, `formats` puts it into every kind of feed and onto web pages,
`site` serves that and misbehaves in places, `tour` runs the real commands against it.
"""
