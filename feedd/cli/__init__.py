"""The commands: arguments in, listings out."""
