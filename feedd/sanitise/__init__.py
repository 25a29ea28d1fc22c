"""Strangers' HTML, URLs and titles made harmless on the way in (polling rule 40).

    clean      HTML that holds nothing but what `allowed` lists, every URL absolute
    to_text    its plain text
    one_line   a title, on one line
    plain_line the same of text that is known to hold no markup
    link       an absolute http(s) URL, or None

Pure and total: whatever the input, an answer and no exception. nh3 is loaded by the first `clean`.
"""

from feedd.sanitise.html import clean
from feedd.sanitise.text import one_line, plain_line, to_text
from feedd.sanitise.urls import link

__all__ = ["clean", "link", "one_line", "plain_line", "to_text"]
