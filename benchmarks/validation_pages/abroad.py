"""Sites in other languages than English, each with its own story."""

from __future__ import annotations

from typing import Final

from benchmarks.validation_pages import Layout, stories_elsewhere

GERMAN: Final = Layout(
    "de",
    """<!DOCTYPE html><html lang="de"><head><title>{{title}} - Nordkurier am Sonntag</title></head><body><header><a>Startseite</a><a>Politik</a><a>Wirtschaft</a><a>Kultur</a><a>Abo</a><a>Anmelden</a></header><main><article class="article"><header class="article-header"><span class="article-heading__kicker">Gesellschaft</span><h1>{{title}}</h1><div class="byline">Von <a>{{author}}</a></div><div class="metadata"><time>14. März 2024, 7:14 Uhr</time><span class="metadata__source">Quelle: Nordkurier</span><a>63 Kommentare</a></div></header><div class="article__tools">Merken Drucken Teilen</div><div class="article-body article-page">{{body}}</div><div class="article-footer"><a>Zur Startseite</a></div></article><section class="related"><h2>Mehr zum Thema</h2><a>Warum der Fahrplan nie stimmt</a><a>Wem gehört das Wasser?</a></section><section class="comments"><h2>63 Kommentare</h2><p>Bitte melden Sie sich an, um zu kommentieren.</p></section></main><aside><h3>Meistgelesen</h3><ol><li><a>Der Streit um die Linde</a></li></ol></aside><footer><a>Impressum</a><a>Datenschutz</a><a>AGB</a><p>© Nordkurier Verlag. Alle Rechte vorbehalten.</p></footer></body></html>""",
    paragraph='<p class="paragraph article__item">{}</p>',
    heading='<h2 class="article__subheading article__item">{}</h2>',
    between={
        2: '<aside class="ad"><p>Anzeige</p></aside>',
        3: '<div class="teaser-box"><strong>Lesen Sie auch</strong><a>Ein Zug kommt selten allein</a></div>',
        5: '<aside class="newsletter"><h3>Newsletter</h3><p>Jeden Morgen das Wichtigste: Melden Sie sich jetzt kostenlos an.</p><p>Mit Ihrer Registrierung nehmen Sie die Datenschutzerklärung zur Kenntnis.</p></aside>',
    },
)

FRENCH: Final = Layout(
    "fr",
    """<!DOCTYPE html><html lang="fr"><head><title>{{title}}</title></head><body><header><a>À la une</a><a>Politique</a><a>Société</a><a>Se connecter</a><a>S’abonner</a></header><main class="main--article"><section class="article article--content"><header><h1 class="article__title">{{title}}</h1><p class="meta__author">Par <a>{{author}}</a></p><p class="meta__date">Publié le 14 mars 2024 à 07h14, modifié à 09h30</p><p class="meta__reading-time">Temps de lecture 3 min.</p><ul class="meta__tools"><li>Ajouter à vos sélections</li><li>Partager</li></ul></header><article class="article__content">{{body}}<p class="article__author-signature">{{author}}</p></article><section class="article__reactions"><h2>Contribuer</h2><p>L’espace des contributions est réservé aux abonnés. Abonnez-vous pour accéder à cet espace d’échange.</p></section></section><section><h4>À lire aussi</h4><a>Les cloches de Saint-Loup sonnent faux</a></section></main><footer><p>Mentions légales – Politique de confidentialité – Gestion des cookies</p></footer></body></html>""",
    paragraph='<p class="article__paragraph">{}</p>',
    between={
        3: '<section class="catcher"><p class="catcher__text"><span class="catcher__title">Lire aussi :</span> <a>Une usine, deux vallées et beaucoup de neige</a></p></section>'
    },
)

SPANISH: Final = Layout(
    "es",
    """<!DOCTYPE html><html lang="es"><head><title>{{title}} | El Mirador</title></head><body><div class="cabecera"><a>Portada</a><a>Nacional</a><a>Deportes</a><a>Suscríbete</a></div><div class="contenedor"><div class="noticia"><h1>{{title}}</h1><div class="firma">{{author}}<br>Albares - 14 mar 2024 - 07:14 CET</div><div class="compartir">Compartir en Facebook Compartir en WhatsApp Copiar enlace</div><div class="cuerpo_noticia">{{body}}<p><em>Sigue toda la información de El Mirador en <a>Facebook</a> y <a>X</a>, o en nuestra <a>newsletter semanal</a>.</em></p></div><div class="etiquetas">Archivado En: <a>Bosques</a> <a>Aves</a></div><div class="relacionadas"><h3>Te puede interesar</h3><a>El río que cambió de nombre</a></div><div class="comentarios">Comentarios - 4. Normas</div></div><div class="lateral"><h3>Lo más visto</h3><ol><li><a>La casa sin puertas</a></li></ol></div></div><div class="pie">© El Mirador. Aviso legal. Política de cookies.</div></body></html>""",
    between={
        2: '<div class="despiece"><h4>Más información</h4><ul><li><a>Los incendios de los noventa, año por año</a></li></ul></div>',
        4: '<div class="pub">Publicidad</div>',
    },
)

PORTUGUESE: Final = Layout(
    "pt",
    """<!DOCTYPE html><html lang="pt-br"><head><title>{{title}} - Diário do Rio Largo</title></head><body><div class="barra"><a>Início</a><a>Cidade</a><a>Assine</a></div><div class="td-container"><div class="td-post-header"><ul class="td-category"><li><a>Cidade</a></li></ul><h1 class="entry-title">{{title}}</h1><div class="td-module-meta-info"><div class="td-post-author-name">Por <a>{{author}}</a> - 14 de março de 2024</div></div></div><div class="td-post-sharing-top"><a>Facebook</a><a>WhatsApp</a></div><div class="td-post-content">{{body}}<p><strong>Clique aqui e siga o canal do Diário no WhatsApp</strong></p></div><footer><div class="td-post-source-tags"><ul class="td-tags"><li><span>TAGS</span></li><li><a>livros</a></li></ul></div><div class="td-block-row td-post-next-prev"><span>Artigo anterior</span><a>A ponte que faltava</a></div><div class="author-box-wrap"><a>{{author}}</a><div class="td-author-description">Repórter do Diário desde 2016.</div></div></footer><div class="td_block_related_posts"><h4>ARTIGOS RELACIONADOS</h4><a>O mercado de peixe reabre no sábado</a></div><div class="comments"><h3>DEIXE UMA RESPOSTA</h3></div></div><div class="td-footer">© Diário do Rio Largo</div></body></html>""",
    between={
        3: '<p><strong>Leia também:</strong> <a href="/x">Cheia do rio adia volta às aulas</a></p>',
        5: '<div class="td-a-rec">- Publicidade -</div>',
    },
)

RUSSIAN: Final = Layout(
    "ru",
    """<!DOCTYPE html><html lang="ru"><head><title>{{title}} :: Общество :: Северный вестник</title></head><body><div class="topline"><a>Главное</a><a>Политика</a><a>Общество</a><a>Подписка</a></div><div class="article__wrap"><div class="article__header"><div class="article__header__info"><span>14 мар 2024, 07:14</span><span>Общество</span></div><h1 class="article__header__title">{{title}}</h1></div><div class="article__text">{{body}}<div class="article__inline-item"><span class="article__inline-item__category">Читайте также</span><a>Почему закрыли старый порт</a></div></div><div class="article__authors">Авторы <span>{{author}}</span></div><div class="article__tags">Теги: <a>маяки</a>, <a>север</a></div><div class="social">Поделиться: ВКонтакте Телеграм Одноклассники</div><div class="tg-banner">Подписывайтесь на наш телеграм-канал, чтобы быть в курсе главных новостей</div></div><div class="news-feed"><h3>Лента новостей</h3><a>Паром задержится на неделю</a><a>В районе выбрали лучшего пекаря</a></div><div class="footer">© Северный вестник, 2024. Сообщения и материалы предназначены для лиц старше 16 лет.</div></body></html>""",
    between={2: '<div class="banner">Реклама</div>'},
    figure='<div class="article__main-image"><div class="article__main-image__wrap"><img src="/{n}.jpg"></div><div class="article__main-image__title">{}</div></div>',
)

JAPANESE: Final = Layout(
    "ja",
    """<!DOCTYPE html><html lang="ja"><head><title>{{title}} - 路地裏通信</title></head><body class="page-entry"><div id="globalheader"><a>読者になる</a></div><div id="container"><header id="blog-title"><h1 id="title"><a>路地裏通信</a></h1><h2 id="blog-description">歩いて見つけたもの</h2></header><div id="content"><div id="main"><article class="entry hentry"><div class="entry-inner"><header class="entry-header"><div class="date entry-date"><time>2024-03-14</time></div><h1 class="entry-title"><a>{{title}}</a></h1><div class="entry-categories"><a>本</a></div></header><div class="entry-content">{{body}}<p>にほんブログ村のランキングに参加しています。応援クリックをお願いします。</p></div><footer class="entry-footer"><p class="entry-footer-section"><span class="author"><span class="fn">{{author}}</span></span> <span class="entry-footer-time">3週間前</span> <a>読者になる</a></p><div class="hatena-star-container"></div><div class="social-buttons"><a>ツイートする</a><a>シェアする</a></div><div class="comment-box"><a>コメントを書く</a></div></footer></div></article><div class="pager"><a>« 猫のいる銭湯</a><a>坂の上の電話ボックス »</a></div></div></div><aside id="box2"><div class="hatena-module"><div class="hatena-module-title">プロフィール</div><div class="hatena-module-body">京都在住。散歩と本が好きです。</div></div><div class="hatena-module"><div class="hatena-module-title">最新記事</div><ul><li><a>猫のいる銭湯</a></li></ul></div></aside></div><footer id="footer"><p>Powered by Hatena Blog | ブログを報告する</p></footer></body></html>""",
    heading='<h3 id="h">{}</h3>',
    figure='<p><span itemscope><img class="hatena-fotolife" src="/{n}.jpg"></span></p><p class="caption">{}</p>',
    between={3: '<div class="related-inline"><p>関連記事</p><a>古い映写機を直す人</a></div>'},
)

CHINESE: Final = Layout(
    "zh",
    """<!DOCTYPE html><html lang="zh-CN"><head><title>{{title}}_社会_晨钟网</title></head><body><div class="top"><a>首页</a><a>国内</a><a>国际</a><a>财经</a><a>登录</a></div><div class="position">您当前的位置：<a>晨钟网</a> &gt; <a>社会</a></div><div class="left"><div class="content"><h1 class="bt">{{title}}</h1><div class="left-t">2024年03月14日 07:14 来源：晨钟网 <a>参与互动</a> <a>小字</a> <a>大字</a></div><div class="left_zw">{{body}}</div><div class="adEditor">【编辑:王海】</div></div><div class="share">分享到：微信 微博</div><div class="xgyd"><h3>相关阅读</h3><ul><li><a>老城区的最后一家照相馆</a></li><li><a>三代人的修鞋摊</a></li></ul></div></div><div class="right"><h3>热点新闻</h3><ul><li><a>地铁新线下月试运行</a></li></ul></div><div class="pagebottom">本网站所刊载信息，不代表晨钟网观点。刊用本网站稿件，务经书面授权。未经授权禁止转载、摘编、复制及建立镜像，违者将依法追究法律责任。</div></body></html>""",
    paragraph="<p>　　{}</p>",
    heading="<p>　　<strong>{}</strong></p>",
    figure='<div style="text-align:center"><img src="/{n}.jpg"></div><div class="pictext">{}</div>',
)

ARABIC: Final = Layout(
    "ar",
    """<!DOCTYPE html><html lang="ar" dir="rtl"><head><title>{{title}} | الأفق</title></head><body class="rtl"><header><a>الرئيسية</a><a>أخبار</a><a>ثقافة</a><a>فيديو</a></header><main><div class="article-header"><h1>{{title}}</h1><div class="article-author">{{author}}</div><div class="article-dates">14/3/2024 - آخر تحديث: 10:30 (توقيت مكة المكرمة)</div><div class="share-tools">شارك القصة</div></div><div class="wysiwyg wysiwyg--all-content">{{body}}<div class="article-source"><span>المصدر : </span><span>الأفق</span></div></div><div class="tags"><span>حول هذه القصة</span><a>كتب</a></div><section class="related"><h2>اقرأ أيضاً</h2><a>سوق لا يبيع شيئاً</a></section></main><aside><h3>الأكثر قراءة</h3><a>البئر التي عادت</a></aside><footer><p>جميع الحقوق محفوظة © 2024 الأفق</p></footer></body></html>""",
    between={
        3: '<div class="more-on"><h4>اقرأ أيضاً</h4><ul><li><a>طريق جديد إلى القرية القديمة</a></li></ul></div>',
        5: '<p class="newsletter-slot">اشترك في نشرتنا البريدية ليصلك جديدنا كل أسبوع</p>',
    },
)

KOREAN: Final = Layout(
    "ko",
    """<!DOCTYPE html><html lang="ko"><head><title>{{title}} | 남해일보</title></head><body><div class="gnb"><a>홈</a><a>정치</a><a>사회</a><a>로그인</a></div><div class="view_wrap"><h3 class="tit_view">{{title}}</h3><span class="info_view"><span class="txt_info">{{author}} 기자</span><span class="txt_info">입력 2024. 3. 14. 07:14</span></span><div class="util_view"><button>글자크기 설정</button><button>공유</button></div><div class="article_view"><section>{{body}}<p>{{author}} 기자 sky@namhae.example</p><p>저작권자 ⓒ 남해일보. 무단전재 및 재배포 금지</p></section></div><div class="foot_view"><a>남해일보에서 직접 확인하세요</a></div><div class="relate"><strong>관련 기사</strong><a>폐교가 된 섬 학교의 봄</a></div></div><div class="aside"><strong>많이 본 뉴스</strong><ol><li><a>항구의 새 등대</a></li></ol></div></body></html>""",
    paragraph='<p dmcf-ptype="general">{}</p>',
    heading='<h4 dmcf-ptype="general">{}</h4>',
    figure='<figure class="figure_frm origin_fig"><p class="link_figure"><img src="/{n}.jpg" class="thumb_g_article"></p><figcaption class="txt_caption">{}</figcaption></figure>',
)

PAGES: Final = (
    (GERMAN, stories_elsewhere.GERMAN),
    (FRENCH, stories_elsewhere.FRENCH),
    (SPANISH, stories_elsewhere.SPANISH),
    (PORTUGUESE, stories_elsewhere.PORTUGUESE),
    (RUSSIAN, stories_elsewhere.RUSSIAN),
    (JAPANESE, stories_elsewhere.JAPANESE),
    (CHINESE, stories_elsewhere.CHINESE),
    (ARABIC, stories_elsewhere.ARABIC),
    (KOREAN, stories_elsewhere.KOREAN),
)
