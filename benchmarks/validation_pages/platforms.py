"""What platforms and generators of static sites make of a post."""

from __future__ import annotations

from typing import Final

from benchmarks.validation_pages import Layout

SUBSTACK: Final = Layout(
    "substack",
    """<!DOCTYPE html><html lang="en"><head><title data-rh="true">{{title}} - by {{author}} - Slow Weather</title><meta property="og:title" content="{{title}}"></head><body><div id="entry"><div id="main" class="main typography use-theme-bg"><div class="pencraft pc-display-contents pubTheme-yiXxQA"><div class="main-menu"><div class="mainMenuContent-DME8DR"><h1 class="pencraft titleContainer-DJYq5v"><a href="/">Slow Weather</a></h1><div class="topBarButtons"><button>Subscribe</button><button>Sign in</button></div></div></div>
<div class="single-post-container"><div class="container"><div class="single-post"><article class="typography newsletter-post post"><div class="post-header"><h1 class="post-title published">{{title}}</h1><div class="pencraft byline-wrapper"><div class="pencraft"><a>{{author}}</a></div><div class="pencraft meta">Mar 14, 2024</div></div><div class="post-ufi style-compressed"><a class="post-ufi-button"><div class="label">38</div></a><a class="post-ufi-comment-button"><div class="label">12</div></a><a><div class="label">Share</div></a></div></div>
<div class="visibility-check"></div><div><div class="available-content"><div dir="auto" class="body markup">{{body}}
<div class="subscription-widget-wrap-editor"><div class="subscription-widget show-subscribe"><div class="preamble"><p class="cta-caption">Slow Weather is a reader-supported publication. To receive new posts and support my work, consider becoming a free or paid subscriber.</p></div><form class="subscription-widget-subscribe"><input type="email" placeholder="Type your email…"><button>Subscribe</button></form></div></div>
<p class="button-wrapper"><a class="button primary" href="?action=share"><span>Share</span></a></p></div></div><div class="post-footer"><div class="post-ufi"><div class="like-button-container"><div class="label">38 Likes</div></div><div>12 Comments</div></div></div></div></article></div></div>
<div class="post-footer-comments"><h4>Discussion about this post</h4><div class="comment-list"><div class="comment"><div class="comment-meta"><a>Dora</a> <span>Mar 14</span></div><div class="comment-body"><p>I laughed out loud on the train and then had to explain it to a stranger. He is a subscriber now.</p></div><div class="comment-actions"><a>Like (4)</a><a>Reply</a><a>Share</a></div></div></div></div>
<div class="portable-archive"><div class="portable-archive-header"><button>Top</button><button>Latest</button></div><div class="portable-archive-list"><div class="post-preview"><a class="post-preview-title">{{other1}}</a><a class="post-preview-description">And what the neighbours said about it afterwards.</a></div><div class="post-preview"><a class="post-preview-title">{{other2}}</a></div></div><div class="publication-footer"><p>Ready for more?</p><div>© 2024 {{author}}</div><div><a>Privacy</a> ∙ <a>Terms</a> ∙ <a>Collection notice</a></div><a>Substack is the home for great culture</a></div></div></div></div></div></div></body></html>""",
    paragraph="<p><span>{}</span></p>",
    heading='<h3 class="header-anchor-post">{}<div class="pencraft header-anchor-parent"><div class="header-anchor offset-top"></div></div></h3>',
    figure='<div class="captioned-image-container"><figure><a class="image-link" href="/i"><div class="image2-inset"><picture><img src="/{n}.png" class="sizing-normal" alt=""></picture></div></a><figcaption class="image-caption">{}</figcaption></figure></div>',
    between={
        5: '<div class="subscription-widget-wrap"><div class="subscription-widget show-subscribe"><div class="preamble"><p class="cta-caption">Thanks for reading Slow Weather! Subscribe for free to receive new posts.</p></div><form><input type="email"><button>Subscribe</button></form></div></div>'
    },
)

MEDIUM: Final = Layout(
    "medium",
    """<!doctype html><html lang="en"><head><title data-rh="true">{{title}} | by {{author}} | Mar, 2024 | Nobody Asked</title></head><body><div id="root"><div class="a b c"><div class="d e f g h i j k"></div><div class="l m n"><div class="o p q"><a class="af ag">Open in app</a><p class="be b dx dy">Sign up</p><p class="be b">Sign in</p><a>Write</a></div></div>
<div class="ab ca"><div class="ch bg eu ev"><article><div class="l"><div class="l"><section><div><div class="fo fp fq"></div><div class="ab cb"><div class="ci bh fu fv"><div><h1 class="pw-post-title fw fx fy" data-testid="storyTitle">{{title}}</h1><div class="gu gv gw gx gy"><div class="speechify-ignore ab cp"><div class="l"><a><p class="be b ie if">{{author}}</p></a></div><span class="be b">·</span><p class="be b"><button>Follow</button></p><div class="ab ae"><span class="be b bf z dn">4 min read</span><span>·</span><span data-testid="storyPublishDate">Mar 14, 2024</span></div></div></div><div class="ab cp jb"><div class="jm l"><span><button class="af"><p class="be b">212</p></button></span></div><div><button><p class="be b bf z dn"><span class="pw-responses-count">3</span></p></button></div><button aria-label="Listen"><p class="be b">Listen</p></button><button aria-label="Share"><p class="be b">Share</p></button></div></div>
{{body}}</div></div></div></section></div></div></article></div></div>
<div class="ab ca"><div class="ch"><div class="tk ab"><a class="tl"><div class="tm">Storytelling</div></a><a><div>Work</div></a></div><div class="ab cp tv"><button><p class="be b">212</p></button><button>3</button></div></div></div>
<div class="ul um l"><div class="ab"><h2 class="pw-author-name be"><span class="">Written by {{author}}</span></h2><span class="pw-follower-count be"><a>1.2K Followers</a></span><p class="be b bf">Writes about small things at length. Editor of Nobody Asked.</p><button>Follow</button></div></div>
<div class="vk"><h2 class="be">More from {{author}} and Nobody Asked</h2><div class="vn"><article><a><h2 class="be">{{other1}}</h2><div><h3 class="be">It was not the first time, but it was the first time that anyone noticed.</h3></div></a><span>Feb 2</span><p>1.4K</p></article><article><a><h2 class="be">{{other2}}</h2></a><p>87</p></article></div><h2>Recommended from Medium</h2><article><h2>{{other3}}</h2><div><h3>Twelve lessons from a job that I should have left in the first week.</h3></div></article></div><div><a><p>Help</p></a><a><p>Status</p></a><a><p>About</p></a><a><p>Careers</p></a></div></div></div></body></html>""",
    paragraph='<p id="3f" class="pw-post-body-paragraph mt mu fy mv b mw">{}</p>',
    heading='<h1 id="9a" class="nv nw fy be nx">{}</h1>',
    quote='<blockquote class="os ot ou"><p class="mt mu">{}</p></blockquote>',
    items='<ul class="">{}</ul>',
    item='<li id="c0" class="mt mu fy">{}</li>',
    code='<pre class="ov ow"><span id="1" class="pf nw"><code>{}</code></span></pre>',
    figure='<figure class="nd ne nf"><div role="button" class="ni nj"><picture><source srcset="/{n}.webp 640w"><img alt="" class="bg" src="/{n}.png"></picture></div><figcaption class="nq nr ns be b bf z dn">{}</figcaption></figure>',
)

JEKYLL: Final = Layout(
    "jekyll",
    """<!DOCTYPE html><html lang="en"><head><title>{{title}} | bits and bobbins</title></head><body><header class="site-header" role="banner"><div class="wrapper"><a class="site-title" rel="author" href="/">bits and bobbins</a><nav class="site-nav"><div class="trigger"><a class="page-link">About</a><a class="page-link">Talks</a></div></nav></div></header><main class="page-content" aria-label="Content"><div class="wrapper"><article class="post h-entry" itemscope itemtype="http://schema.org/BlogPosting"><header class="post-header"><h1 class="post-title p-name">{{title}}</h1><p class="post-meta"><time class="dt-published">Mar 14, 2024</time> • <span itemprop="author">{{author}}</span></p></header><div class="post-content e-content" itemprop="articleBody">{{body}}
</div><div id="disqus_thread"></div><noscript>Please enable JavaScript to view the comments powered by Disqus.</noscript><a class="u-url" href="{{url}}" hidden></a></article></div></main><footer class="site-footer h-card"><div class="wrapper"><h2 class="footer-heading">bits and bobbins</h2><div class="footer-col-wrapper"><div class="footer-col"><ul class="contact-list"><li class="p-name">{{author}}</li><li><a>hello@bobbins.example</a></li></ul></div><div class="footer-col"><p>An occasional log of what broke, why, and what it looked like from the inside.</p></div></div></div></footer></body></html>""",
    code='<div class="language-bash highlighter-rouge"><div class="highlight"><pre class="highlight"><code>{}</code></pre></div></div>',
    figure='<p><img src="/assets/{n}.png" alt="" /></p><p class="caption"><em>{}</em></p>',
)

HUGO: Final = Layout(
    "hugo",
    """<!DOCTYPE html><html lang="en" dir="auto"><head><title>{{title}} | Loose Ends</title></head><body id="top"><header class="header"><nav class="nav"><div class="logo"><a href="/">Loose Ends</a><button id="theme-toggle"></button></div><ul id="menu"><li><a><span>Archive</span></a></li><li><a><span>Tags</span></a></li></ul></nav></header><main class="main"><article class="post-single"><header class="post-header"><div class="breadcrumbs"><a>Home</a>&nbsp;»&nbsp;<a>Posts</a></div><h1 class="post-title entry-hint-parent">{{title}}</h1><div class="post-meta"><span title="2024-03-14">{{date}}</span>&nbsp;·&nbsp;4 min&nbsp;·&nbsp;{{author}}&nbsp;|&nbsp;<a>Suggest Changes</a></div></header><div class="toc"><details><summary accesskey="c"><span class="details">Table of Contents</span></summary><div class="inner"><ul><li><a href="#1">The first part</a></li><li><a href="#2">The second part</a></li></ul></div></details></div>
<div class="post-content">{{body}}</div><footer class="post-footer"><ul class="post-tags"><li><a>tools</a></li><li><a>habits</a></li></ul><nav class="paginav"><a class="prev"><span class="title">« Prev</span><br><span>{{other1}}</span></a><a class="next"><span class="title">Next »</span><br><span>{{other2}}</span></a></nav><ul class="share-buttons"><li><a aria-label="share on x"></a></li></ul></footer></article></main><footer class="footer"><span>&copy; 2024 <a>Loose Ends</a></span> · <span>Powered by <a>Hugo</a> &amp; <a>PaperMod</a></span></footer><a href="#top" class="top-link" id="top-link"></a></body></html>""",
    heading='<h2 id="h">{}<a hidden class="anchor" aria-hidden="true" href="#h">#</a></h2>',
    code='<div class="highlight"><pre tabindex="0" class="chroma"><code class="language-bash">{}</code></pre></div>',
)

INDIEWEB: Final = Layout(
    "indieweb",
    """<!doctype html><html><head><title>{{title}}</title></head><body><nav><a href="/">kofi.example</a> / <a href="/now">now</a> / <a href="/blogroll">blogroll</a></nav><main class="h-entry"><h1 class="p-name">{{title}}</h1><p>Published by <a class="p-author h-card" href="/">{{author}}</a> on <a class="u-url" href="{{url}}"><time class="dt-published">{{date}}</time></a></p><div class="e-content">{{body}}</div><p><a href="mailto:hi@kofi.example">Reply via email</a></p><section id="webmentions"><h2>Webmentions</h2><ul><li class="h-cite u-comment"><a class="p-author h-card">Ines</a> <span class="p-content">This has been open in a tab for a week, and I have finally read it. Worth it.</span></li><li class="h-cite u-like"><a>Piet</a> liked this</li><li class="h-cite u-repost"><a>Zora</a> reposted this</li></ul></section></main><hr><footer><p>← <a href="https://xn--sr8hvo.ws/previous">An IndieWeb Webring</a> →</p><p>Everything here is CC BY-SA unless it says something else.</p></footer></body></html>""",
)

BUTTONDOWN: Final = Layout(
    "mailed-letter",
    """<html><head><title>{{title}}</title></head><body bgcolor="#f4f4f4"><div style="display:none;max-height:0">A letter about the weather, and what to do in it. ͏ ͏ ͏</div><table width="100%" cellpadding="0" cellspacing="0" role="presentation"><tr><td align="center"><table width="600" class="email-container"><tr><td class="preheader" align="right"><a href="/v">View this email in your browser</a></td></tr><tr><td align="center"><img src="/logo.png" width="200" alt="The Slow Post"></td></tr><tr><td><h1 style="font-size:28px">{{title}}</h1></td></tr><tr><td style="font-family:Georgia;font-size:16px">{{body}}</td></tr><tr><td align="center"><table><tr><td><a href="/s">Forward to a friend</a></td><td><a href="/t">Tweet</a></td></tr></table></td></tr><tr><td class="footer" style="font-size:11px;color:#999"><p>You are receiving this email because you signed up at our website.</p><p>Our mailing address is:<br>The Slow Post, 12 Canal Street, Leith</p><p>Want to change how you receive these emails?<br>You can <a>update your preferences</a> or <a>unsubscribe from this list</a>.</p></td></tr></table></td></tr></table></body></html>""",
    paragraph='<p style="margin:0 0 16px">{}</p>',
    figure='<table width="100%"><tr><td><img src="/{n}.jpg" width="560"></td></tr><tr><td style="font-size:12px;color:#777;text-align:center">{}</td></tr></table>',
)

LAYOUTS: Final = (SUBSTACK, MEDIUM, JEKYLL, HUGO, INDIEWEB, BUTTONDOWN)
