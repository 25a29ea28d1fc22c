"""The pages of articles: fetched one at a time a host, cleaned, and cleaned again later."""
