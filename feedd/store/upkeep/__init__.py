"""What keeps a database in good order over the years."""
