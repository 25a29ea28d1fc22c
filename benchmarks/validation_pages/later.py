"""A second set of layouts, written after the rules that the first one led to, and run on them once."""

from __future__ import annotations

from typing import Final

from benchmarks.validation_pages import Layout

SQUARESPACE: Final = Layout(
    "squarespace",
    """<!doctype html><html lang="en-GB"><head><title>{{title}} — Hallam &amp; Daughters</title><meta property="og:site_name" content="Hallam &amp; Daughters"></head><body class="view-item"><div id="siteWrapper"><header id="header"><a>Hallam &amp; Daughters</a><nav><a>Shop</a><a>Journal</a><a>Visit</a><a>Cart (0)</a></nav></header><main id="page"><article class="sections"><section class="content-collection"><div class="blog-item-wrapper"><article class="h-entry blog-item post"><div class="blog-item-top-wrapper"><div class="blog-item-title"><h1 class="entry-title entry-title--large">{{title}}</h1></div><div class="blog-item-meta-wrapper"><div class="blog-item-meta-primary"><span class="blog-item-author-text">Written by </span><span class="blog-item-author-name">{{author}}</span></div><time class="dt-published blog-meta-item--date">14 Mar</time></div></div><div class="blog-item-content-wrapper"><div class="blog-item-content e-content"><div class="sqs-layout"><div class="row sqs-row"><div class="col sqs-col-12"><div class="sqs-block html-block sqs-block-html"><div class="sqs-block-content">{{body}}</div></div><div class="sqs-block newsletter-block"><div class="sqs-block-content"><h2>Subscribe</h2><p>Sign up with your email address to receive news and updates.</p><p>We respect your privacy.</p></div></div></div></div></div></div></div><div class="blog-item-tags"><a>Garden</a></div><div class="item-pagination"><a class="item-pagination-link--prev"><div class="item-pagination-prev-next-label">Previous</div><h2 class="item-pagination-title">{{other1}}</h2></a><a><div>Next</div><h2>{{other2}}</h2></a></div></article></div></section></article></main><footer><p>12 Mill Lane. Open Thursday to Sunday.</p><p>Made with Squarespace</p></footer></div></body></html>""",
    paragraph='<p class="" style="white-space:pre-wrap;">{}</p>',
    figure='</div></div><div class="sqs-block image-block"><div class="sqs-block-content"><figure class="sqs-block-image-figure"><div class="image-block-wrapper"><img data-src="/{n}.jpg"></div><figcaption class="image-caption-wrapper"><p>{}</p></figcaption></figure></div></div><div class="sqs-block html-block"><div class="sqs-block-content">',
)

JOOMLA: Final = Layout(
    "joomla",
    """<!DOCTYPE html><html lang="en-gb"><head><title>{{title}}</title><meta name="generator" content="Joomla! - Open Source Content Management"></head><body class="site com_content view-article"><div class="body"><header><a class="brand">Leith Allotments Society</a></header><nav class="navigation"><ul class="nav menu"><li><a>Home</a></li><li><a>Plots</a></li><li><a>News</a></li></ul></nav><div class="row-fluid"><main id="content" class="span9"><div class="item-page" itemscope><div class="page-header"><h2 itemprop="headline">{{title}}</h2></div><div class="icons"><a>Print</a><a>Email</a></div><dl class="article-info muted"><dt class="article-info-term">Details</dt><dd class="createdby">Written by <span>{{author}}</span></dd><dd class="category-name">Category: <a>News</a></dd><dd class="published">Published: 14 March 2024</dd><dd class="hits">Hits: 341</dd></dl><div itemprop="articleBody">{{body}}</div><ul class="pager pagenav"><li class="previous"><a rel="prev">Prev</a></li><li class="next"><a rel="next">Next</a></li></ul></div></main><div id="aside" class="span3"><div class="well"><h3 class="page-header">Latest Articles</h3><ul class="latestnews"><li><a>{{other1}}</a></li><li><a>{{other2}}</a></li></ul></div><div class="well"><h3>Login Form</h3><p>Forgot your password?</p></div></div></div></div><footer><p>© 2024 Leith Allotments Society</p><p class="pull-right"><a>Back to Top</a></p></footer></body></html>""",
    figure='<p><img src="/images/{n}.jpg" alt="" /><br /><em>{}</em></p>',
)

NOTION: Final = Layout(
    "notion-export",
    """<!DOCTYPE html><html><head><title>{{title}}</title></head><body><div class="super-root"><nav class="super-navbar"><a>mina.example</a><a>Writing</a></nav><main id="page-x" class="super-content page__x"><div class="notion-header page"><div class="notion-header__content"><h1 class="notion-header__title">{{title}}</h1></div></div><article class="notion-root full-width"><div class="notion-page__properties"><div class="notion-page__property"><div class="notion-page__property-name"><span>Date</span></div><div class="date">March 14, 2024</div></div><div class="notion-page__property"><div class="notion-page__property-name"><span>Tags</span></div><div>Letters</div></div></div>{{body}}</article></main><footer class="super-footer"><p>Made with too much tea</p></footer></div></body></html>""",
    paragraph='<p class="notion-text notion-text__content notion-semantic-string">{}</p>',
    heading='<span class="notion-heading__anchor"></span><h2 class="notion-heading notion-semantic-string">{}</h2>',
    quote='<blockquote class="notion-quote"><span class="notion-semantic-string">{}</span></blockquote>',
    items='<ul class="notion-bulleted-list">{}</ul>',
    item='<li class="notion-list-item notion-semantic-string">{}</li>',
    code='<div class="notion-code"><button class="notion-code__copy-button">Copy</button><pre class="language-bash"><code>{}</code></pre></div>',
    table='<div class="notion-table__wrapper"><table class="notion-table"><tbody>{}</tbody></table></div>',
    figure='<div class="notion-image align-center"><span><img src="/{n}.png"></span><figcaption class="notion-caption">{}</figcaption></div>',
)

LIVEJOURNAL: Final = Layout(
    "livejournal",
    """<html><head><title>nightrain | {{title}}</title></head><body><table width="100%"><tr><td class="caption">nightrain</td><td align="right">[ <a>Recent Entries</a> | <a>Archive</a> | <a>Friends</a> | <a>User Info</a> ]</td></tr></table><div class="entry-wrap"><div class="entry-header"><span class="entry-date">14th March 2024, 08:02 pm</span><h3 class="entry-title">{{title}}</h3></div><div class="entry-text"><b>Current mood:</b> awake<br /><br />{{body}}</div><div class="entry-links">Tags: <a>trains</a><br />( <a>8 comments</a> | <a>Leave a comment</a> | <a>Add to Memories</a> | <a>Tell a Friend</a> )</div></div><div id="comments"><div class="cmt"><a>hedgewitch</a> <span>2024-03-15 07:11 am (UTC)</span><div>I took that train in 1998 and I am fairly sure it was the same man with the same lamp.</div>(<a>Reply</a>) (<a>Thread</a>)</div></div><div>Powered by LiveJournal.com</div></body></html>""",
    paragraph="{}<br /><br />",
    heading="<b>{}</b><br /><br />",
    quote="<blockquote>{}</blockquote>",
    code="<pre>{}</pre>",
    figure='<img src="/{n}.jpg" /><br /><i>{}</i><br /><br />',
)

ARC: Final = Layout(
    "arc",
    """<!DOCTYPE html><html lang="en"><head><title>{{title}} | The Leith Tribune</title><meta property="og:title" content="{{title}}"></head><body><div id="fusion-app"><div class="b-header-nav-chain"><a>Sections</a><a>Subscribe</a><a>Log In</a></div><div class="b-right-rail"><div class="c-overline">Local</div><h1 class="b-headline">{{title}}</h1><div class="b-byline">By <a>{{author}}</a></div><time class="b-date">March 14, 2024 at 8:02 a.m. GMT</time><div class="b-share-bar"><button>Share</button></div><article class="b-article-body">{{body}}<hr class="b-article-body__divider"/><p class="c-paragraph"><i>The Leith Tribune is a member of the Fair News Network. If you see an error, tell us at corrections@tribune.example.</i></p></article><div class="b-author-bio"><h3>{{author}}</h3><p>{{author}} writes about the things that happen between the harbour and the hill.</p></div><div class="b-results-list"><h2>More in Local</h2><div><a>{{other1}}</a><p>It was raining, and then it was not.</p></div></div></div><footer><ul><li><a>About</a></li><li><a>Careers</a></li></ul></footer></div></body></html>""",
    paragraph='<p class="c-paragraph">{}</p>',
    heading='<h2 class="c-heading">{}</h2>',
    between={
        2: '<div class="arcad-feature"><div class="arcad">ADVERTISEMENT</div></div>',
        3: '<p class="c-paragraph b-article-body__interstitial-link">[<a href="/x">{{other3}}</a>]</p>',
        5: '<div class="c-embed newsletter"><h4>The Morning Tide</h4><p>A newsletter for people who get up early. In your inbox at six.</p><button>Sign up</button></div>',
    },
    figure='<figure class="c-media-item"><img src="/{n}.jpg"/><figcaption class="c-media-item__fig-caption"><span class="c-media-item__caption">{}</span><span class="c-media-item__credit">(The Leith Tribune)</span></figcaption></figure>',
)

BLOCKS_WRAPPED: Final = Layout(
    "blocks-wrapped",
    """<!DOCTYPE html><html lang="en-GB"><head><title>{{title}} - North News</title></head><body><div id="root"><header role="banner"><nav><ul><li><a>Home</a></li><li><a>News</a></li><li><a>Weather</a></li><li><a>iPlayer</a></li></ul></nav></header><div class="ssrcss-1ocoo3l"><main id="main-content"><article class="ssrcss-pv1rh6"><header class="ssrcss-1eqcsb1"><h1 id="main-heading">{{title}}</h1><div data-component="byline-block"><div class="ssrcss-68pt20">{{author}}</div><div>North Correspondent</div></div><div><span><time>6 hours ago</time></span></div></header>{{body}}<section data-component="links-block"><h2>More on this story</h2><ul><li><div><p><a>{{other1}}</a></p></div></li><li><div><p><a>{{other2}}</a></p></div></li></ul></section><section data-component="tag-list"><h2>Related Topics</h2><ul><li><a>Leith</a></li></ul></section></article></main><aside><section><h2>Top stories</h2><ul><li><a>{{other3}}</a><span>1 hour ago</span></li></ul></section><section><h2>Elsewhere</h2><a>{{other4}}</a></section></aside></div><footer><p>Copyright © 2024. North News is not responsible for the content of external sites.</p></footer></div></body></html>""",
    paragraph='<div data-component="text-block" class="ssrcss-11r1m41"><div class="ssrcss-7uxr49"><p class="ssrcss-1q0x1qg">{}</p></div></div>',
    heading='<div data-component="subheadline-block"><h2 class="ssrcss-y2fd7s">{}</h2></div>',
    quote='<div data-component="text-block"><div><blockquote><p>{}</p></blockquote></div></div>',
    items='<div data-component="unordered-list-block"><ul role="list">{}</ul></div>',
    figure='<figure class="ssrcss-1qn0xuy"><div data-component="image-block"><span><img src="/{n}.jpg"></span></div><figcaption><span class="visually-hidden">Image caption, </span>{}</figcaption></figure>',
)

ASCIIDOC: Final = Layout(
    "asciidoc",
    """<!DOCTYPE html><html lang="en"><head><title>{{title}}</title></head><body class="article toc2 toc-left"><div id="header"><h1>{{title}}</h1><div class="details"><span id="author" class="author">{{author}}</span><br><span id="revnumber">version 4.2,</span> <span id="revdate">2024-03-14</span></div><div id="toc" class="toc2"><div id="toctitle">Table of Contents</div><ul class="sectlevel1"><li><a>First</a></li><li><a>Second</a></li></ul></div></div><div id="content"><div class="sect1"><div class="sectionbody">{{body}}</div></div></div><div id="footer"><div id="footer-text">Version 4.2<br>Last updated 2024-03-14 08:02:11 UTC</div></div></body></html>""",
    paragraph='<div class="paragraph"><p>{}</p></div>',
    heading='<h2 id="_h"><a class="anchor" href="#_h"></a>{}</h2>',
    quote='<div class="quoteblock"><blockquote>{}</blockquote></div>',
    items='<div class="ulist"><ul>{}</ul></div>',
    item="<li><p>{}</p></li>",
    steps='<div class="olist arabic"><ol class="arabic">{}</ol></div>',
    code='<div class="listingblock"><div class="content"><pre class="highlight"><code class="language-sh">{}</code></pre></div></div>',
    table='<table class="tableblock frame-all"><tbody>{}</tbody></table>',
    figure='<div class="imageblock"><div class="content"><img src="/{n}.png"></div><div class="title">Figure 1. {}</div></div>',
)

RELEASE_PAGE: Final = Layout(
    "release-page",
    """<!DOCTYPE html><html lang="en"><head><title>Release {{title}} · osei/loom</title></head><body><header><a>Product</a><a>Sign in</a></header><main><div id="repo-header"><a>osei</a>/<a>loom</a> <span>Public</span><ul><li><a>Star 1.2k</a></li></ul></div><nav aria-label="Breadcrumbs"><a>Releases</a><a>v4.2</a></nav><div class="Box"><div class="Box-body"><div><h1 class="d-inline mr-3">{{title}}</h1><span class="Label Label--success">Latest</span></div><div class="d-flex"><a>{{author}}</a> released this <relative-time>Mar 14, 2024</relative-time> · <a>37 commits</a> to main since this release <span>v4.2</span> <code>a1b2c3d</code></div><div data-pjax="true" class="markdown-body my-3">{{body}}</div></div><div class="Box-footer"><details open><summary><span>Assets</span> <span class="Counter">2</span></summary><ul><li><a>loom-4.2.tar.gz</a> <span>1.3 MB</span></li><li><a>Source code (zip)</a></li></ul></details></div><div><span>👍 12</span><span>12 people reacted</span></div></div></main><footer><a>Terms</a></footer></body></html>""",
)

PELICAN: Final = Layout(
    "top-biography",
    """<!DOCTYPE html><html lang="en"><head><title>{{title}}</title></head><body><div class="sidebar"><h1><a>Slow Trains</a></h1><p>I'm {{author}}, and I write about getting there.</p><ul><li><a>RSS</a></li><li><a>Mastodon</a></li></ul></div><div class="main"><div class="author-top"><img src="/me.jpg"><span>{{author}} is a writer who lives near a station.</span></div><section class="post"><h2>{{title}}</h2><p class="post-date">14 March 2024 · 5 min read · <a>permalink</a></p>{{body}}<p class="kofi">Enjoyed this? <a>Buy me a ticket</a>.</p></section><section class="older"><h3>Older posts</h3><ul><li>2 Feb 2024: <a>{{other1}}</a></li><li>9 Jan 2024: <a>{{other2}}</a></li></ul></section></div></body></html>""",
    figure='<div class="photo"><img src="/{n}.jpg"><div class="legend">{}</div></div>',
)

INLINE_STYLES: Final = Layout(
    "inline-styles",
    """<html><head><title>Leith Parish Magazine: {{title}}</title></head><body style="margin:0"><div style="background:#036;color:#fff;padding:8px"><span style="font-size:22px">Leith Parish Magazine</span><div style="float:right"><a style="color:#fff">Home</a> | <a>Past issues</a> | <a>Contact</a></div></div><div style="width:70%;float:left"><div style="font-size:24px;font-weight:bold">{{title}}</div><div style="font-size:11px;color:#666">{{author}}</div>{{body}}<div style="text-align:center;margin-top:30px"><a>&lt; Previous page</a> &nbsp; <a>Next page &gt;</a></div></div><div style="width:28%;float:right"><div style="font-weight:bold">This month</div><div><a>{{other1}}</a></div><div><a>{{other2}}</a></div><div style="font-weight:bold">Services</div><div>Sundays at ten and at six</div></div><div style="clear:both;font-size:10px">Printed by Hallam. Registered charity SC000001.</div></body></html>""",
    paragraph='<div style="margin-bottom:12px">{}</div>',
    heading='<div style="font-weight:bold;font-size:18px">{}</div>',
    quote='<div style="margin-left:40px;font-style:italic">{}</div>',
    figure='<div style="text-align:center"><img src="/{n}.jpg" width="400"></div><div style="text-align:center;font-size:11px">{}</div>',
)

LAYOUTS: Final = (
    SQUARESPACE,
    JOOMLA,
    NOTION,
    LIVEJOURNAL,
    ARC,
    BLOCKS_WRAPPED,
    ASCIIDOC,
    RELEASE_PAGE,
    PELICAN,
    INLINE_STYLES,
)
