"""feedd: a polite feed daemon with clean articles and a terminal reader."""

__version__ = "0.1.0"
