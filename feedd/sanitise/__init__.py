"""Strangers' HTML and URLs made harmless on the way in (polling rule 40).

    clean      HTML that holds nothing but what `allowed` lists, every URL absolute
    clean_with_text  the same, with its plain text
    link       an absolute http(s) URL, or None
    load       nh3 now, not with the first `clean`

Pure and total: whatever the input, an answer and no exception.
"""

from feedd.sanitise.attributes import link
from feedd.sanitise.cleaner import load
from feedd.sanitise.html import clean, clean_with_text
