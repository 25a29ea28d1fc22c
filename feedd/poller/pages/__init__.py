"""The pages of articles: fetched one at a time a host, cleaned, and cleaned again later.

page_queue    works off what is due
page_fetcher  one article: its page, other views of it, the pages that continue it
reclean       earlier articles, as more is known of what recurs on their hosts
"""
