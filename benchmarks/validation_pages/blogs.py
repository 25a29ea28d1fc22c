"""What blog engines make of a post."""

from __future__ import annotations

from typing import Final

from benchmarks.validation_pages import Layout

_HEAD: Final = '<!DOCTYPE html><html lang="en-US"><head><meta charset="utf-8"><title>{{title}} – The Quiet Harbour</title>'

WORDPRESS_CLASSIC: Final = Layout(
    "wordpress-classic",
    _HEAD
    + """<meta property="og:title" content="{{title}}"><link rel="canonical" href="{{url}}"></head>
<body class="post-template-default single single-post postid-4711 single-format-standard">
<div id="page" class="hfeed site"><header id="masthead" class="site-header" role="banner"><a class="home-link" href="/"><h1 class="site-title">The Quiet Harbour</h1><h2 class="site-description">Notes from the edge of the water</h2></a>
<div id="navbar" class="navbar"><nav id="site-navigation" class="navigation main-navigation"><button class="menu-toggle">Menu</button><a class="screen-reader-text skip-link" href="#content">Skip to content</a><div class="nav-menu"><ul><li><a href="/">Home</a></li><li><a href="/about">About</a></li><li><a href="/archive">Archive</a></li></ul></div><form role="search" class="search-form"><label><span class="screen-reader-text">Search for:</span><input type="search" placeholder="Search …"></label></form></nav></div></header>
<div id="main" class="site-main"><div id="primary" class="content-area"><div id="content" class="site-content" role="main">
<article id="post-4711" class="post-4711 post type-post status-publish format-standard hentry category-notes tag-water"><header class="entry-header"><h1 class="entry-title">{{title}}</h1><div class="entry-meta"><span class="date"><a href="{{url}}"><time class="entry-date" datetime="2024-03-14T08:00:00+00:00">{{date}}</time></a></span><span class="categories-links"><a href="/c/notes">Notes</a></span><span class="tags-links"><a href="/t/water">water</a>, <a href="/t/work">work</a></span><span class="author vcard"><a class="url fn n" href="/author">{{author}}</a></span></div></header>
<div class="entry-content">{{body}}
<div class="sharedaddy sd-sharing-enabled"><div class="robots-nocontent sd-block sd-social sd-sharing"><h3 class="sd-title">Share this:</h3><div class="sd-content"><ul><li class="share-twitter"><a href="?share=twitter"><span>Click to share on Twitter (Opens in new window)</span></a></li><li class="share-facebook"><a href="?share=facebook"><span>Click to share on Facebook (Opens in new window)</span></a></li></ul></div></div></div>
<div class="sharedaddy sd-block sd-like jetpack-likes-widget-wrapper"><h3 class="sd-title">Like this:</h3><div class="likes-widget-placeholder"><span class="button"><span>Like</span></span> <span class="loading">Loading...</span></div></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3 class="jp-relatedposts-headline"><em>Related</em></h3><p><a href="/1">{{other1}}</a><br>March 2, 2024<br>In "Notes"</p><p><a href="/2">{{other2}}</a><br>In "Notes"</p></div></div>
<footer class="entry-meta"></footer></article>
<nav class="navigation post-navigation"><h1 class="screen-reader-text">Post navigation</h1><div class="nav-links"><a href="/p" rel="prev"><span class="meta-nav">←</span> {{other3}}</a><a href="/n" rel="next">{{other4}} <span class="meta-nav">→</span></a></div></nav>
<div id="comments" class="comments-area"><h2 class="comments-title">2 thoughts on “{{title}}”</h2><ol class="comment-list"><li class="comment"><article class="comment-body"><footer class="comment-meta"><b class="fn">Sam</b> <span class="says">says:</span> <a href="#c1">March 15, 2024 at 9:12 am</a></footer><div class="comment-content"><p>I have read this twice now and I am still not sure that I agree, but it made my morning.</p></div><div class="reply"><a>Reply</a></div></article></li><li class="comment"><article class="comment-body"><footer class="comment-meta"><b class="fn">Lou</b> <span class="says">says:</span></footer><div class="comment-content"><p>Lovely. My uncle used to say exactly the same thing, usually about goats.</p></div></article></li></ol><div id="respond" class="comment-respond"><h3 class="comment-reply-title">Leave a Reply</h3><form><p class="comment-notes">Your email address will not be published. Required fields are marked *</p><p><label>Comment *</label><textarea></textarea></p></form></div></div>
</div></div><div id="tertiary" class="sidebar-container"><aside class="widget widget_recent_entries"><h3 class="widget-title">Recent Posts</h3><ul><li><a href="/1">{{other1}}</a></li><li><a href="/5">{{other5}}</a></li><li><a href="/6">{{other6}}</a></li></ul></aside><aside class="widget widget_archive"><h3 class="widget-title">Archives</h3><ul><li><a>March 2024</a></li><li><a>February 2024</a></li></ul></aside></div></div>
<footer id="colophon" class="site-footer"><div class="site-info"><a href="https://wordpress.org/">Proudly powered by WordPress</a></div></footer></div></body></html>""",
    figure='<div id="attachment_{n}" style="width: 610px" class="wp-caption alignnone"><img class="size-large" src="/wp-content/{n}.jpg" alt="" width="600"><p class="wp-caption-text">{}</p></div>',
)

WORDPRESS_BLOCKS: Final = Layout(
    "wordpress-blocks",
    _HEAD
    + """<meta name="generator" content="WordPress 6.4"></head><body class="single single-post wp-embed-responsive"><a class="skip-link screen-reader-text" href="#wp--skip-link--target">Skip to content</a>
<div class="wp-site-blocks"><header class="wp-block-template-part"><div class="wp-block-group alignwide is-layout-flex"><p class="wp-block-site-title"><a href="/">The Quiet Harbour</a></p><nav class="wp-block-navigation"><ul class="wp-block-navigation__container"><li class="wp-block-navigation-item"><a><span class="wp-block-navigation-item__label">Writing</span></a></li><li class="wp-block-navigation-item"><a><span>About</span></a></li></ul></nav></div></header>
<main class="wp-block-group" id="wp--skip-link--target"><div class="wp-block-group has-global-padding is-layout-constrained"><h1 class="wp-block-post-title">{{title}}</h1><div class="wp-block-template-part"><div class="wp-block-group is-layout-flex"><div class="wp-block-post-date"><time datetime="2024-03-14">{{date}}</time></div><p class="has-contrast-2-color">—</p><p>by</p><div class="wp-block-post-author-name">{{author}}</div><div class="taxonomy-category wp-block-post-terms"><span>in </span><a>Notes</a></div></div></div></div>
<div class="entry-content wp-block-post-content has-global-padding is-layout-constrained">{{body}}
<div class="wp-block-buttons is-content-justification-center"><div class="wp-block-button"><a class="wp-block-button__link">Buy me a coffee</a></div></div></div>
<div class="wp-block-group has-global-padding is-layout-constrained"><div class="taxonomy-post_tag wp-block-post-terms"><a rel="tag">water</a><span>, </span><a rel="tag">work</a></div><div class="wp-block-group"><nav aria-label="Posts"><div class="post-navigation-link-previous wp-block-post-navigation-link"><span class="arrow">←</span><a rel="prev">{{other1}}</a></div></nav></div>
<div class="wp-block-comments"><h2>Comments</h2><h3 class="wp-block-comments-title">One response to “{{title}}”</h3><ol class="wp-block-comment-template"><li><div class="wp-block-comment-author-name">Ruth</div><div class="wp-block-comment-content"><p>What a pleasure to read something this unhurried. Thank you for writing it down.</p></div></li></ol><div class="comment-respond wp-block-post-comments-form"><h3>Leave a Reply</h3></div></div></div>
<div class="wp-block-group alignwide"><h2 class="wp-block-heading">Keep reading</h2><ul class="wp-block-post-template columns-3"><li class="wp-block-post"><h3 class="wp-block-post-title"><a>{{other2}}</a></h3><div class="wp-block-post-excerpt"><p class="wp-block-post-excerpt__excerpt">There is a way of doing this that nobody has tried for forty years, and it starts with a bucket.</p></div></li><li class="wp-block-post"><h3 class="wp-block-post-title"><a>{{other3}}</a></h3><div class="wp-block-post-excerpt"><p>When the letter came, we did not open it. We had a rule about letters, and it was Sunday.</p></div></li></ul></div></main>
<footer class="wp-block-template-part"><p>Designed with <a>WordPress</a></p></footer></div></body></html>""",
    heading='<h2 class="wp-block-heading">{}</h2>',
    quote='<blockquote class="wp-block-quote"><p>{}</p></blockquote>',
    items='<ul class="wp-block-list">{}</ul>',
    code='<pre class="wp-block-code"><code>{}</code></pre>',
    table='<figure class="wp-block-table"><table><tbody>{}</tbody></table></figure>',
    figure='<figure class="wp-block-image size-large"><img loading="lazy" src="/wp-content/{n}.jpg" alt=""><figcaption class="wp-element-caption">{}</figcaption></figure>',
)

GHOST: Final = Layout(
    "ghost",
    _HEAD
    + """<script type="application/ld+json">{"@context":"https://schema.org","@type":"Article","headline":"{{title}}","author":{"@type":"Person","name":"{{author}}"}}</script></head><body class="post-template is-head-left-logo"><div class="gh-site"><header id="gh-head" class="gh-head gh-outer"><div class="gh-head-inner"><a class="gh-head-logo" href="/">The Quiet Harbour</a><nav class="gh-head-menu"><ul class="nav"><li class="nav-home"><a>Home</a></li><li><a>About</a></li></ul></nav><div class="gh-head-actions"><a class="gh-head-link" href="#/portal/signin">Sign in</a><a class="gh-head-button" href="#/portal/signup">Subscribe</a></div></div></header>
<main class="gh-main"><article class="gh-article post tag-notes"><header class="gh-article-header gh-canvas"><span class="gh-article-tag"><a>Notes</a></span><h1 class="gh-article-title">{{title}}</h1><div class="gh-article-meta"><h4 class="gh-article-author-name"><a>{{author}}</a></h4><time class="gh-article-meta-date">{{date}}</time><span class="gh-article-meta-length"><span class="bull">—</span> 4 min read</span></div></header>
<section class="gh-content gh-canvas">{{body}}
<div class="kg-card kg-button-card kg-align-center"><a class="kg-btn kg-btn-accent">Join the list</a></div>
<figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container" href="/b"><div class="kg-bookmark-content"><div class="kg-bookmark-title">{{other1}}</div><div class="kg-bookmark-description">What happened when we turned the page over and found another page.</div><div class="kg-bookmark-metadata"><span class="kg-bookmark-author">The Quiet Harbour</span></div></div></a></figure></section></article>
<section class="gh-subscribe"><h3 class="gh-subscribe-title">Sign up for The Quiet Harbour</h3><div class="gh-subscribe-description">One letter a month, and never a word about growth.</div><a class="gh-subscribe-input">Subscribe</a><p>No spam. Unsubscribe anytime.</p></section>
<section class="gh-container is-grid gh-outer"><h2 class="gh-container-title">Read more</h2><div class="gh-feed"><article class="gh-card post"><a><h3 class="gh-card-title">{{other2}}</h3><p class="gh-card-excerpt">Everybody knew where the key was. That was the trouble with the key, as it turned out.</p></a></article><article class="gh-card post"><a><h3 class="gh-card-title">{{other3}}</h3><p class="gh-card-excerpt">It took me a while to see that the map had been printed upside down.</p></a></article></div></section></main>
<footer class="gh-footer"><div class="gh-footer-copyright">The Quiet Harbour © 2024</div><div><a>Powered by Ghost</a></div></footer></div></body></html>""",
    between={
        4: '<div class="kg-card kg-cta-card"><p>You are reading this because readers pay for it. If you can, join them.</p><a class="kg-cta-button">Become a member</a></div>'
    },
    figure='<figure class="kg-card kg-image-card kg-card-hascaption"><img src="/content/{n}.jpg" class="kg-image" alt="" loading="lazy"><figcaption><span style="white-space: pre-wrap;">{}</span></figcaption></figure>',
)

BLOGGER: Final = Layout(
    "blogger",
    """<html dir="ltr"><head><title>Half a Loaf: {{title}}</title></head><body class="loading"><div class="navbar section"></div><div class="body-fauxcolumns"></div><div class="content"><header><div class="header-outer"><h1 class="title"><a href="/">Half a Loaf</a></h1><p class="description"><span>Better than none</span></p></div></header>
<div class="main-outer"><div class="columns"><div class="column-center-outer"><div class="main section" id="main"><div class="widget Blog" id="Blog1"><div class="blog-posts hfeed"><div class="date-outer"><h2 class="date-header"><span>Thursday, {{date}}</span></h2><div class="date-posts"><div class="post-outer"><div class="post hentry uncustomized-post-template"><a name="77"></a><h3 class="post-title entry-title">{{title}}</h3><div class="post-header"><div class="post-header-line-1"></div></div>
<div class="post-body entry-content" id="post-body-77">{{body}}<div style="clear: both;"></div></div>
<div class="post-footer"><div class="post-footer-line post-footer-line-1"><span class="post-author vcard">Posted by <span class="fn"><a><span>{{author}}</span></a></span></span> <span class="post-timestamp">at <a class="timestamp-link"><abbr class="published">7:14 AM</abbr></a></span><span class="post-icons"><a title="Email Post"></a></span><div class="post-share-buttons"><a class="goog-inline-block share-button sb-email"><span class="share-button-link-text">Email This</span></a><a class="share-button"><span>BlogThis!</span></a></div></div><div class="post-footer-line post-footer-line-2"><span class="post-labels">Labels: <a rel="tag">kitchen</a>, <a rel="tag">work</a></span></div></div></div>
<div class="comments" id="comments"><h4>2 comments:</h4><div id="Blog1_comments-block-wrapper"><dl><dt class="comment-author">Bea said...</dt><dd class="comment-body"><p>We tried it yesterday and nobody has complained so far, which in this house is praise.</p></dd><dd class="comment-footer">March 15, 2024 at 8:01 AM</dd></dl></div><p class="comment-footer"><a>Post a Comment</a></p></div></div></div></div></div>
<div class="blog-pager" id="blog-pager"><span id="blog-pager-newer-link"><a>Newer Post</a></span><span><a>Older Post</a></span><a class="home-link">Home</a></div><div class="post-feeds"><div class="feed-links">Subscribe to: <a>Post Comments (Atom)</a></div></div></div></div></div>
<div class="column-right-outer"><aside><div class="sidebar section"><div class="widget Profile"><h2>About Me</h2><div class="widget-content"><dl><dt class="profile-data">{{author}}</dt><dd class="profile-textblock">Bakes, walks, complains about the weather, and has done so here since 2009.</dd></dl><a>View my complete profile</a></div></div><div class="widget BlogArchive"><h2>Blog Archive</h2><ul><li><a>▼ 2024</a> (11)<ul><li><a>{{other1}}</a></li><li><a>{{other2}}</a></li></ul></li></ul></div></div></aside></div></div></div>
<footer>Simple theme. Powered by <a>Blogger</a>.</footer></div></body></html>""",
    paragraph="{}<br /><br />",
    heading='<b><span style="font-size: large;">{}</span></b><br /><br />',
    quote='<blockquote class="tr_bq">{}</blockquote>',
    code="<pre>{}</pre>",
    figure='<table align="center" cellpadding="0" cellspacing="0" class="tr-caption-container"><tbody><tr><td><a href="/i.jpg"><img border="0" src="/{n}.jpg" /></a></td></tr><tr><td class="tr-caption" style="text-align: center;">{}</td></tr></tbody></table><br />',
)

TUMBLR: Final = Layout(
    "tumblr",
    """<!DOCTYPE html><html><head><title>{{title}}</title></head><body class="permalink-page text-page"><div id="page"><div id="header"><h1><a href="/">salt &amp; string</a></h1><p id="description">things found in drawers</p><ul><li><a>Ask me anything</a></li><li><a>Submit</a></li><li><a>Archive</a></li></ul></div><div id="content"><div class="post text"><div class="post-content"><h2>{{title}}</h2>{{body}}</div><div class="meta"><ul class="tags"><li><a>#drawers</a></li><li><a>#long post</a></li></ul><p class="permalink"><a href="{{url}}">Posted 3 weeks ago</a></p><p class="notecount">147 notes</p><div class="controls"><a class="reblog">Reblog</a> <a class="like">Like</a></div></div>
<div class="notes-container"><h3>Notes</h3><ol class="notes"><li class="note like"><span class="action"><a>paperlantern</a> liked this</span></li><li class="note reblog"><span class="action"><a>northbynoon</a> reblogged this from <a>saltandstring</a></span></li><li class="note reply"><span class="action"><a>hedgewitch</a> said: </span><span class="answer_content">this is the best thing I have read on this website in a very long time</span></li><li class="note more_notes_link_container"><a>Show more notes</a></li></ol></div></div></div><div id="footer"><p>Theme by somebody. Powered by Tumblr.</p></div></div></body></html>""",
    quote="<blockquote>{}</blockquote>",
    figure='<figure class="tmblr-full"><img src="/{n}.jpg"/></figure><p><small>{}</small></p>',
)

LAYOUTS: Final = (WORDPRESS_CLASSIC, WORDPRESS_BLOCKS, GHOST, BLOGGER, TUMBLR)
