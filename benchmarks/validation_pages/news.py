"""What newspapers and magazines make of an article."""

from __future__ import annotations

from typing import Final

from benchmarks.validation_pages import Layout

PORTAL: Final = Layout(
    "portal",
    """<!DOCTYPE html><html lang="en"><head><title>{{title}} | Northern Courier</title><meta property="og:title" content="{{title}}"><meta property="og:site_name" content="Northern Courier"></head><body><div class="top-strip"><a>Subscribe from £1 a week</a><a>Log in</a></div><header class="masthead"><a class="logo" href="/">Northern Courier</a><ul class="primary-nav"><li><a>News</a></li><li><a>Sport</a></li><li><a>Business</a></li><li><a>Opinion</a></li><li><a>Culture</a></li></ul></header><div class="breaking-bar"><strong>Breaking</strong> <a>{{other6}}</a></div>
<div class="page-grid"><div class="main-col"><ol class="breadcrumb"><li><a>Home</a></li><li><a>News</a></li></ol><h1 class="article-headline">{{title}}</h1><div class="article-byline"><span class="byline-name">By <a>{{author}}</a></span><span class="byline-role">Senior Reporter</span><time>07:14, 14 Mar 2024</time><span class="updated">Updated 09:30, 14 Mar 2024</span></div><div class="share-row"><a>Facebook</a><a>X</a><a>WhatsApp</a><a>Email</a><button>Bookmark</button><span class="comment-count"><a>34 Comments</a></span></div>
<div class="article-wrapper"><div class="article-body">{{body}}
<p class="follow-us">Follow the Courier on <a>Facebook</a> and <a>Instagram</a> for more stories like this.</p></div><ul class="tag-list"><li><a>Local council</a></li><li><a>Harbour</a></li></ul><div class="author-card"><img src="/a.jpg"><h4>{{author}}</h4><p>{{author}} has covered the region since 2011 and has never once been bored by it.</p></div><div class="outbrain"><h3>Promoted Stories</h3><div class="ob-unit"><a>Doctors beg over-60s to do this before bed</a></div><div class="ob-unit"><a>The little-known trick that heats a room in minutes</a></div></div></div><section class="comments"><h3>Join the conversation</h3><p>You must be logged in to comment. Comments are checked before they appear.</p></section></div>
<aside class="right-rail"><div class="mpu"><span>Advertisement</span></div><div class="most-read"><h3>Most read</h3><ol><li><a>{{other1}}</a></li><li><a>{{other2}}</a></li><li><a>{{other3}}</a></li></ol></div><div class="newsletter-box"><h3>The Morning Courier</h3><p>The day's stories in your inbox at seven, with a crossword.</p><button>Sign up</button></div></aside></div><footer><ul><li><a>Contact us</a></li><li><a>Corrections</a></li><li><a>Cookie settings</a></li></ul><p>© 2024 Northern Courier Ltd. Registered in England.</p></footer></body></html>""",
    between={
        2: '<div class="ad-slot"><span class="ad-label">Article continues below advertisement</span></div>',
        3: '<aside class="inline-related"><h4>Read more</h4><ul><li><a>{{other4}}</a></li><li><a>{{other5}}</a></li></ul></aside>',
        5: '<div class="newsletter-inline"><h4>Never miss a story</h4><p>Sign up to our daily newsletter and get the headlines before your neighbours do.</p></div>',
    },
    figure='<div class="article-image"><div class="img-container"><img data-src="/{n}.jpg" src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></div><div class="image-caption"><span class="caption-text">{}</span><span class="caption-credit">(Image: Northern Courier)</span></div></div>',
)

TABLOID: Final = Layout(
    "tabloid",
    """<!DOCTYPE html><html lang="en"><head><title>{{title}} - The Daily Bell</title></head><body class="article news-page"><div id="wrapper"><div class="header-nav"><a>HOME</a> <a>NEWS</a> <a>SHOWBIZ</a> <a>SPORT</a> <a>VIDEO</a></div><div id="article-content"><div class="article-tools"><a>Share</a><a>Comments 112</a></div><h1>{{title}}</h1><ul class="article-summary"></ul><p class="author-section">By <a>{{author}}</a> for The Daily Bell</p><p class="byline-plain">Published: 07:14 GMT, 14 March 2024 | Updated: 11:02 GMT, 14 March 2024</p><div class="shareArticles"><ul><li><a>e-mail</a></li><li><span>2k</span> shares</li></ul></div><div itemprop="articleBody">{{body}}</div><div class="column-content"><h3>Share or comment on this article:</h3><p>{{title}}</p></div><div class="reader-comments"><h3>Comments 112</h3><p>The comments below have not been moderated.</p><div class="comment-text">Why is this news? I could have told them that for nothing.</div></div></div>
<div id="rail"><h2>DON'T MISS</h2><ul><li><a>{{other1}}</a><p>She has never looked happier, say friends</p></li><li><a>{{other2}}</a><p>The actor was seen leaving by the back door</p></li></ul></div><div class="footer"><a>Sitemap</a> <a>Archive</a> <a>Contact us</a><p>Published by Bell Newspapers Ltd</p></div></div></body></html>""",
    paragraph='<p class="mol-para-with-font">{}</p>',
    heading='<h3 class="mol-para-with-font">{}</h3>',
    figure='<div class="artSplitter mol-img-group"><div class="mol-img"><div class="image-wrap"><img data-src="/{n}.jpg"></div></div><p class="imageCaption">{}</p></div>',
    between={
        2: '<p><strong>READ MORE: <a href="/r">{{other3}}</a></strong></p>',
        4: '<div class="video-module"><h4>Scroll down for video</h4><div class="player"><span>Loading the player...</span></div></div>',
        6: '<div class="related-carousel"><h3>TRENDING</h3><div><a><span>{{other4}}</span><span>4.2k viewing now</span></a></div><div><a><span>{{other5}}</span><span>1.1k viewing now</span></a></div></div>',
    },
)

LOCAL_PAPER: Final = Layout(
    "local-paper",
    """<!DOCTYPE html><html><head><title>{{title}} | News | barlowecho.example</title></head><body><div id="site-container"><div id="site-navbar-container"><ul><li><a>Obituaries</a></li><li><a>E-edition</a></li><li><a>Classifieds</a></li></ul></div><div id="main-page-container"><article id="asset-1"><header class="asset-header"><h1 class="headline"><span>{{title}}</span></h1><div class="meta"><span><ul class="list-inline"><li><span class="tnt-byline">{{author}} newsroom@barlowecho.example</span></li><li class="hidden-print"><time>Mar 14, 2024</time></li></ul></span></div></header><div class="asset-content"><div id="article-body" class="asset-body"><div class="subscriber-preview">{{body}}</div><div class="tncms-region"><div class="inn-block"><p>Reach {{author}} at 555-0142 or on X at @echoreporter.</p></div></div><p class="copyright-line">Copyright 2024 The Barlow Echo. All rights reserved. This material may not be published, broadcast, rewritten or redistributed.</p></div><div class="asset-tags"><span>Tags</span><ul><li><a>Council</a></li></ul></div><div class="meter-note"><p>You have 2 free articles left this month. <a>Subscribe now</a> for unlimited access.</p></div></div></article>
<div id="tncms-region-article_bottom"><div class="block"><h3>Recommended for you</h3><div class="card"><h3 class="tnt-headline"><a>{{other1}}</a></h3><div class="tnt-summary"><p>Officials said on Tuesday that the matter would be looked into before the summer.</p></div></div><div class="card"><h3><a>{{other2}}</a></h3></div></div><div class="block"><h3>Trending Now</h3><ul><li><a>{{other3}}</a></li></ul></div></div></div><footer><p>© Copyright 2024 The Barlow Echo, 1 Mill Lane | <a>Terms of Use</a> | <a>Privacy Policy</a> | Powered by BLOX</p></footer></div></body></html>""",
    paragraph='<div class="subscriber-only-text"><p>{}</p></div>',
    between={
        3: '<div class="tnt-ad"><p class="tnt-ads-label">Advertisement</p></div>',
        4: '<div class="related-inline"><span class="label">People are also reading…</span><ul><li><a>{{other4}}</a></li><li><a>{{other5}}</a></li></ul></div>',
    },
)

HASHED: Final = Layout(
    "hashed-classes",
    """<!DOCTYPE html><html lang="en"><head><title>{{title}} - The Meridian</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"{{title}}"}</script></head><body><div id="__next"><div class="sc-1f3b kXyZqa"><div class="sc-9aa2 bCdEfg"><a>The Meridian</a><a>Politics</a><a>Ideas</a><a>Science</a><button>Subscribe</button></div><div class="sc-77c0 gHiJkl"><div class="sc-77c1"><span class="sc-a0">Science</span><h1 class="sc-b1 mNoPqr">{{title}}</h1><div class="sc-c2"><span>{{author}}</span><span>14 March 2024</span><span>6 min</span></div><div class="sc-d3"><button>Save</button><button>Gift article</button></div></div><div class="sc-e4 sTuVwx">{{body}}</div><div class="sc-ff yZaBcd"><div class="sc-f1">This article appeared in the print edition under another headline.</div><div class="sc-f2"><div>Get The Meridian Weekly</div><div>Ideas worth arguing about, every Friday.</div></div></div><div class="sc-g5"><div class="sc-g6">Recommended for you</div><div class="sc-g7"><a><div>{{other1}}</div><div>Science</div></a></div><div class="sc-g7"><a><div>{{other2}}</div><div>Ideas</div></a></div></div></div><div class="sc-h8"><div>About us</div><div>Masthead</div><div>© The Meridian 2024</div></div></div></div></body></html>""",
    paragraph='<div class="sc-p0 eFgHij"><div class="sc-p1">{}</div></div>',
    heading='<div class="sc-p0"><h2 class="sc-q1">{}</h2></div>',
    quote='<div class="sc-p0"><div class="sc-r2">{}</div></div>',
    between={
        3: '<div class="sc-s3"><div class="sc-s4">Related</div><a class="sc-s5"><div>{{other3}}</div></a></div>'
    },
)

AMP: Final = Layout(
    "amp",
    """<!doctype html><html amp lang="en"><head><meta charset="utf-8"><title>{{title}}</title><link rel="canonical" href="{{url}}"><style amp-custom>.x{color:red}</style></head><body><amp-sidebar id="sb"><ul><li><a>World</a></li><li><a>Tech</a></li></ul></amp-sidebar><header class="amp-header"><a href="/">Gadget Lantern</a></header><main><article class="amp-wp-article"><header class="amp-wp-article-header"><h1 class="amp-wp-title">{{title}}</h1><div class="amp-wp-meta amp-wp-byline"><span class="amp-wp-author author vcard">{{author}}</span></div><div class="amp-wp-meta amp-wp-posted-on"><time>5 hours ago</time></div></header><div class="amp-wp-article-content">{{body}}</div><amp-social-share type="twitter"></amp-social-share><footer class="amp-wp-article-footer"><div class="amp-wp-meta amp-wp-tax-category">Categories: <a>Tools</a></div><div class="amp-wp-meta amp-wp-tax-tag">Tags: <a>build</a></div><div class="amp-wp-meta amp-wp-comments-link"><a>Leave a Comment</a></div></footer></article><amp-list><div><h3>Up next</h3><a>{{other1}}</a></div></amp-list></main><footer class="amp-wp-footer"><h2>Gadget Lantern</h2><a href="#top" class="back-to-top">Back to top</a></footer></body></html>""",
    between={
        2: '<amp-ad width="300" height="250"><div placeholder>Advertisement</div></amp-ad>',
        4: '<p><strong>Also see: </strong><a href="/o">{{other2}}</a></p>',
    },
    figure='<figure class="wp-caption"><amp-img src="/{n}.jpg" width="600" height="400"><noscript><img src="/{n}.jpg"></noscript></amp-img><figcaption class="wp-caption-text">{}</figcaption></figure>',
)

MAGAZINE: Final = Layout(
    "magazine",
    """<!DOCTYPE html><html lang="en"><head><title>{{title}} — Fathom Magazine</title></head><body class="longform"><div class="progress-bar"></div><header><a>Fathom</a><nav><a>Issue 14</a><a>Shop</a></nav></header><main><div class="hero"><img src="/hero.jpg"><div class="hero__text"><p class="rubric">Reportage</p><h1>{{title}}</h1><p class="words">Words by <b>{{author}}</b></p><p class="words">Illustrations by <b>Mina Cho</b></p></div></div><div class="longform__body"><div class="longform__column">{{body}}<p class="endnote">{{author}} is a contributing editor at Fathom. This story was supported by the Lowland Fund.</p></div></div><div class="support"><h2>Fathom has no advertisements</h2><p>We are able to publish stories like this one because four thousand people buy our magazine. If you enjoyed it, please think about joining them.</p><a>Subscribe</a></div><section class="more"><h2>More from this issue</h2><article><h3>{{other1}}</h3><p>A letter from the far end of the line.</p></article><article><h3>{{other2}}</h3><p>What the tide left, and who came for it.</p></article></section></main><footer><p>Printed in Leith on recycled paper</p></footer></body></html>""",
    between={
        4: '<div class="promo-inline"><p>Get stories like this by post. <a>Subscribe to Fathom</a></p></div>'
    },
    figure='<figure class="wide"><img srcset="/{n}-800.jpg 800w, /{n}-1600.jpg 1600w" src="/{n}-800.jpg"><figcaption>{}</figcaption></figure>',
)

DRUPAL: Final = Layout(
    "drupal",
    """<!DOCTYPE html><html lang="en"><head><title>{{title}} | Institute for Slow Science</title><meta name="generator" content="Drupal 10"></head><body class="path-node page-node-type-article"><a href="#main-content" class="visually-hidden focusable skip-link">Skip to main content</a><div class="layout-container"><header role="banner"><div class="region region-header"><div class="block block-system-branding"><a>Institute for Slow Science</a></div></div></header><div class="region region-breadcrumb"><nav class="breadcrumb"><h2 class="visually-hidden">Breadcrumb</h2><ol><li><a>Home</a></li><li><a>News</a></li></ol></nav></div><main role="main"><a id="main-content"></a><div class="layout-content"><div class="region region-content"><div class="block block-page-title-block"><h1 class="page-title"><span class="field field--name-title">{{title}}</span></h1></div><article class="node node--type-article node--view-mode-full"><footer class="node__meta"><div class="node__submitted">Submitted by <span class="field field--name-uid"><a>{{author}}</a></span> on <span>Thu, 03/14/2024 - 08:00</span></div></footer><div class="node__content clearfix"><div class="clearfix text-formatted field field--name-body field--type-text-with-summary field__item">{{body}}</div><div class="field field--name-field-tags field--label-inline"><div class="field__label">Tags</div><div class="field__items"><div class="field__item"><a>Outreach</a></div></div></div><ul class="links inline"><li><a>Printer-friendly version</a></li><li><a>Log in</a> or <a>register</a> to post comments</li></ul></div></article><div class="views-element-container block"><h2>Related news</h2><div class="view-content"><div class="views-row"><a>{{other1}}</a></div><div class="views-row"><a>{{other2}}</a></div></div></div></div></div><aside class="layout-sidebar-second"><div class="block block-search"><h2>Search</h2></div><div class="block"><h2>Upcoming events</h2><ul><li>Open day, 12 June</li><li>Lecture on lichens, 3 July</li></ul></div></aside></main><footer><div class="region region-footer"><p>Powered by <a>Drupal</a></p></div></footer></div></body></html>""",
    figure='<article class="media media--type-image align-center"><div class="field field--name-field-media-image"><img loading="lazy" src="/{n}.jpg"></div><div class="field field--name-field-caption">{}</div></article>',
)

RECIPES: Final = Layout(
    "recipe-blog",
    """<!DOCTYPE html><html lang="en-US"><head><title>{{title}} - Flour on the Phone</title></head><body class="single custom-header"><div class="site-container"><header class="site-header"><p class="site-title"><a>Flour on the Phone</a></p><nav class="nav-primary"><ul><li><a>Recipes</a></li><li><a>About</a></li></ul></nav></header><div class="site-inner"><div class="content-sidebar-wrap"><main class="content"><div class="breadcrumb"><a>Home</a> » <a>Recipes</a></div><article class="post entry"><header class="entry-header"><h1 class="entry-title">{{title}}</h1><p class="entry-meta">Published: {{date}} · by <a>{{author}}</a> · This post may contain affiliate links · <a>5 Comments</a></p></header><div class="entry-content"><div class="dpsp-buttons"><a class="wprm-jump">↓ Jump to Recipe</a> <a>Pin Recipe</a> <a>Print</a></div>{{body}}
<div class="wprm-rating"><p>★★★★★ 4.8 from 17 votes</p><p>Did you make this recipe? Leave a star rating and tag <a>@flouronthephone</a> on Instagram!</p></div></div><footer class="entry-footer"></footer></article><section class="more-in"><h3>More Recipes</h3><ul><li><a>{{other1}}</a></li><li><a>{{other2}}</a></li></ul></section><div class="reader-interactions"><h3>Reader Interactions</h3><h3>Comments</h3><ul><li><p class="comment-author">Jo says</p><p>Made these on Sunday with half the sugar and nobody noticed, so there you go!</p></li></ul></div></main><aside class="sidebar-primary"><section><h3>Hi, I'm {{author}}!</h3><p>I cook from a kitchen with one good knife and a phone that is covered in flour. <a>More about me →</a></p></section></aside></div></div><footer class="site-footer"><p>Copyright © 2024 Flour on the Phone · As an Amazon Associate I earn from qualifying purchases.</p></footer></div></body></html>""",
    figure='<div class="wp-block-image"><figure class="aligncenter"><img data-pin-description="x" data-lazy-src="/{n}.jpg" src="data:image/svg+xml,"><figcaption>{}</figcaption></figure></div>',
)

LAYOUTS: Final = (PORTAL, TABLOID, LOCAL_PAPER, HASHED, AMP, MAGAZINE, DRUPAL, RECIPES)
