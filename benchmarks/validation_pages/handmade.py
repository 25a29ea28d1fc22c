"""Pages that people made by hand, and pages of institutions."""

from __future__ import annotations

from typing import Final

from benchmarks.validation_pages import Layout

FONT_TABLES: Final = Layout(
    "font-tables",
    """<HTML><HEAD><TITLE>Barlow Bugle Online - {{title}}</TITLE></HEAD><BODY BGCOLOR="#FFFFFF" LINK="#000099"><CENTER><TABLE WIDTH=760 BORDER=0 CELLPADDING=0><TR><TD COLSPAN=3><IMG SRC="/banner.gif" WIDTH=468 HEIGHT=60></TD></TR><TR><TD WIDTH=130 VALIGN=TOP BGCOLOR="#CCCCFF"><FONT FACE="Arial" SIZE=1><B>Sections</B><BR><A HREF="/1">Front page</A><BR><A HREF="/2">Sport</A><BR><A HREF="/3">Letters</A><BR><A HREF="/4">Weather</A><BR><BR><B>Services</B><BR><A HREF="/5">Classified</A><BR><A HREF="/6">Subscribe</A></FONT></TD><TD WIDTH=10>&nbsp;</TD><TD VALIGN=TOP><FONT FACE="Times" SIZE=5><B>{{title}}</B></FONT><BR><FONT FACE="Arial" SIZE=1>By {{author}}<BR>Bugle staff writer</FONT><BR><BR><FONT FACE="Times" SIZE=3>{{body}}</FONT><HR><FONT FACE="Arial" SIZE=1><A HREF="mail">E-mail this story to a friend</A> | <A HREF="print">Printable version</A><BR><BR>&copy; 2024 The Barlow Bugle. <A HREF="/home">Return to the front page</A></FONT></TD></TR></TABLE></CENTER></BODY></HTML>""",
    paragraph="{}<BR><BR>",
    heading="<B>{}</B><BR><BR>",
    quote="<BLOCKQUOTE>{}</BLOCKQUOTE>",
    figure='<TABLE ALIGN=RIGHT WIDTH=200><TR><TD><IMG SRC="/{n}.gif"></TD></TR><TR><TD><FONT SIZE=1><I>{}</I></FONT></TD></TR></TABLE>',
)

PLAIN: Final = Layout(
    "plain",
    """<html><head><title>{{title}}</title></head><body><center><h1>{{title}}</h1><i>{{author}}, {{date}}</i></center><hr>{{body}}<hr><a href="index.html">Back to the index</a> | <a href="next.html">Next essay: {{other1}}</a><address>Last changed on 14 March 2024. Mail me at ivo@petrov.example</address></body></html>""",
)

UNCLOSED: Final = Layout(
    "unclosed-paragraphs",
    """<html><title>{{title}}</title><body text=black><table width=435><tr valign=top><td><a href=index.html><img src=logo.gif width=410 height=45></a><br><br><font size=2 face=verdana>March 2024<br><br>{{body}}<br><br></font><table cellspacing=0><tr><td><font size=2><b>Related:</b></font></td></tr><tr><td><font size=2><img src=dot.gif> <a>{{other1}}</a></font></td></tr><tr><td><font size=2><img src=dot.gif> <a>{{other2}}</a></font></td></tr></table></td></tr></table></body></html>""",
    paragraph="{}<br><br>",
    heading="<b>{}</b><br><br>",
    figure="",
)

UNIVERSITY: Final = Layout(
    "university",
    """<!DOCTYPE html><html lang="en"><head><title>{{title}} | University of Leith</title></head><body><div class="uni-global"><a>Students</a><a>Staff</a><a>Alumni</a><a>A–Z</a></div><header class="uni-header"><a>University of Leith</a></header><nav aria-label="breadcrumb"><ol class="breadcrumb"><li class="breadcrumb-item"><a>Home</a></li><li class="breadcrumb-item"><a>News</a></li><li class="breadcrumb-item active">2024</li></ol></nav><main class="container"><div class="row"><div class="col-md-3"><ul class="nav nav-pills nav-stacked"><li><a>News archive</a></li><li><a>Media contacts</a></li><li><a>Events</a></li></ul></div><div class="col-md-6"><h1>{{title}}</h1><p class="news-date">Thu 14 Mar, 2024</p><div class="richtext">{{body}}</div><div class="well"><h3>Media enquiries</h3><p>Press and Public Relations Office<br>Tel: 0131 496 0000<br>Email: press@leith.example</p></div><div class="tools"><a>Print this page</a> <a>Share</a></div><p class="page-updated">This article was published on Mar 14, 2024</p></div><div class="col-md-3"><div class="panel panel-default"><div class="panel-heading"><h3>Latest news</h3></div><div class="panel-body"><ul><li><a>{{other1}}</a></li><li><a>{{other2}}</a></li></ul></div></div><div class="panel"><h3>Study with us</h3><p>Find the degree that suits you among more than two hundred.</p></div></div></div></main><footer><p>The University of Leith is a charitable body, with registration number SC000000.</p><a>Accessibility</a><a>Freedom of information</a></footer></body></html>""",
    figure='<div class="thumbnail"><img class="img-responsive" src="/{n}.jpg"><div class="caption">{}</div></div>',
)

COMPANY: Final = Layout(
    "company-blog",
    """<!DOCTYPE html><html lang="en"><head><title>{{title}} | Stackling Blog</title></head><body><div class="announcement-bar">Stackling 3.0 is here. <a>See what's new →</a></div><header><a>Product</a><a>Pricing</a><a>Customers</a><a>Book a demo</a></header><div class="blog-hero"><a>← All posts</a><h1>{{title}}</h1><div>{{author}}, Staff Engineer</div><div>March 14, 2024 · 5 minute read</div></div><div class="blog-layout"><div class="blog-toc"><div class="toc-title">In this article</div><a href="#1">Where we started</a><a href="#2">What we did</a><a href="#3">What is next</a></div><div class="rich-text-block w-richtext">{{body}}<p>‍</p></div><div class="blog-cta"><h3>Ready to build faster?</h3><p>Start your 14-day free trial today. No credit card required.</p><a>Start for free</a></div><div class="author-block"><div>{{author}}</div><div>Staff Engineer at Stackling. Previously at two companies that no longer exist.</div></div></div><div class="related-posts"><h2>Related posts</h2><div class="w-dyn-list"><div class="w-dyn-item"><h4>{{other1}}</h4><p>How a customer of ours moved nine warehouses in one weekend.</p></div><div class="w-dyn-item"><h4>{{other2}}</h4></div></div></div><footer><div>Subscribe to our newsletter</div><div>© Stackling Inc.</div></footer></body></html>""",
    between={
        4: '<div class="inline-cta"><div>See how Stackling cuts cloud costs by 40%</div><a>Book a demo</a></div>'
    },
    figure='<figure class="w-richtext-figure-type-image w-richtext-align-center"><div><img src="/{n}.png" loading="lazy"></div><figcaption>{}</figcaption></figure>',
)

LAYOUTS: Final = (FONT_TABLES, PLAIN, UNCLOSED, UNIVERSITY, COMPANY)
