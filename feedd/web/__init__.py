"""What feeds, pages and lists of feeds have in common, whatever they are read for."""
