"""Stories in other languages, in the form of `stories_english`."""

from __future__ import annotations

from typing import Final

GERMAN: Final = """Ein Dorf kauft seinen Bahnhof
Jonas Wiebe
Als die Bahn den Bahnhof von Altenrode zum Verkauf anbot, standen im Inserat drei Sätze und ein Preis. Die Dorfbewohner lasen die Sätze, sahen auf den Preis und legten zusammen.
Heute, vier Jahre später, hält hier noch immer nur jede zweite Stunde ein Zug. Aber wer aussteigt, findet einen Laden, eine Werkstatt und am Freitag Suppe.
! Der Bahnhof von Altenrode nach dem Umbau. Foto: Privat
„Wir wollten kein Museum“, sagt Renate Kuhl, die den Verein leitet. „Wir wollten einen Ort, an dem man warten kann, ohne dass es zieht.“
## Neun Euro im Monat
Jeder Haushalt zahlt neun Euro im Monat. Dafür bekommt er einen Schlüssel, eine Stimme und die Pflicht, zweimal im Jahr den Bahnsteig zu fegen. Von 212 Haushalten machen 187 mit.
Die Heizung war das größte Problem. Ein Gutachter riet zum Abriss, ein zweiter zu einer Wärmepumpe, und der dritte, ein Rentner aus dem Nachbarort, fand im Keller den alten Kohleschacht und baute dort einen Pelletkessel ein.
> Man muss nicht alles neu denken. Manches muss man nur wieder aufmachen.
Im Frühjahr will der Verein das Stellwerk dazukaufen. Der Preis stehe schon fest, sagt Kuhl, nur wisse die Bahn noch nichts davon."""

FRENCH: Final = """Le dernier horloger de la vallée
Claire Aubin
À soixante-dix-huit ans, Marcel Besson ouvre encore son atelier à six heures et demie. Ce n'est pas qu'il ait beaucoup de travail : c'est qu'il a promis, il y a longtemps, de remonter l'horloge de l'église avant la messe.
« On me demande souvent pourquoi je ne la fais pas électrifier », dit-il en essuyant une loupe. « Je réponds qu'elle ne m'a rien fait. »
La vallée comptait autrefois quarante horlogers. Les uns sont partis en ville, les autres se sont mis aux montres à quartz, puis à la retraite. Besson est resté, par goût autant que par habitude.
## Une école qui ferme, une porte qui s'ouvre
En juin, le lycée technique a fermé sa section d'horlogerie, faute d'élèves. Le mois suivant, une jeune femme a frappé à la porte de l'atelier. Elle venait de Nantes, elle avait vingt-deux ans et une pendule sous le bras.
! Marcel Besson et son apprentie dans l'atelier de Saint-Loup
Depuis, ils sont deux à remonter l'horloge. Elle monte l'escalier, il compte les tours d'en bas.
La commune a voté une aide de trois mille euros pour un second établi. C'est peu, dit le maire, mais c'est la première fois depuis 1981 que l'on achète ici un outil neuf."""

SPANISH: Final = """El bosque que volvió solo
Lucía Ferrer
Durante treinta años nadie plantó un árbol en la sierra de Albares. Los pastores se marcharon, el incendio de 1994 hizo el resto y los mapas empezaron a llamar a aquello «terreno improductivo».
Hoy hay allí ochocientas hectáreas de encinas jóvenes. Nadie las sembró: las trajeron los arrendajos, que entierran bellotas en otoño y olvidan la mitad.
«Nosotros llegamos con un plan de reforestación y con un presupuesto», recuerda la bióloga Inés Robledo. «Los pájaros llegaron antes y no pidieron nada».
## Lo que cuentan los números
El equipo de Robledo ha contado durante seis años. Un arrendajo esconde unas cuatro mil bellotas por temporada; de ellas germinan cerca de doscientas, y una docena llega a ser árbol.
! Encinas de veinte años en la ladera norte. Imagen: I. Robledo
Los vecinos han tardado más en acostumbrarse. Hay quien echa de menos la vista despejada y quien teme que vuelva el fuego. El ayuntamiento ha decidido abrir dos cortafuegos y dejar lo demás como está.
Robledo sonríe cuando le preguntan por el presupuesto que sobró. Lo gastaron, dice, en prismáticos."""

PORTUGUESE: Final = """A biblioteca que viaja de barco
Rita Camargo
Toda segunda-feira, antes de o sol nascer, um barco azul sai do porto de Santarém com três mil livros e uma bibliotecária a bordo. Na sexta ele volta, quase sempre com menos livros do que levou.
"Não chamamos de perda", diz Joana Tavares, que cuida do acervo há onze anos. "Chamamos de empréstimo longo."
O barco para em catorze comunidades. Em algumas há escola, em outras só um trapiche e uma fila de crianças que já sabem o que querem.
## Um livro por peixe
No começo, conta ela, as famílias traziam peixe em troca. Hoje trazem os livros do mês anterior, embrulhados em plástico por causa da chuva, e às vezes um bilhete com a opinião do leitor.
! O barco-biblioteca no rio Tapajós
O projeto custa o mesmo que meio quilômetro de asfalto. A prefeitura renovou o contrato até dezembro; depois disso, ninguém sabe. Joana já encomendou os livros de janeiro."""

RUSSIAN: Final = """Маяк, который светит никому
Анна Соколова
На мысе Тонком, в сорока километрах от ближайшей дороги, каждую ночь зажигается огонь. Суда здесь больше не ходят: порт закрыли в девяносто восьмом, а фарватер занесло песком.
Смотрителя зовут Павел Громов, ему шестьдесят девять лет. Приказа погасить маяк он так и не получил, а без приказа, говорит он, гасить не положено.
«Меня спрашивают, для кого я свечу», — рассказывает Громов, разливая чай. — «А звёзды для кого?»
## Письмо из министерства
Прошлой осенью пришло письмо. В нём сообщалось, что объект снят с учёта ещё в две тысячи третьем году и, следовательно, не существует. Зарплату, впрочем, платить не перестали.
! Маяк на мысе Тонком. Фото автора
Летом сюда приезжают студенты-географы. Они измеряют, как отступает берег, и помогают красить башню. По их расчётам, у маяка осталось лет тридцать.
Громов к этой цифре отнёсся спокойно. Он считает, что за тридцать лет приказ может и дойти."""

JAPANESE: Final = """雨の日だけ開く本屋
佐藤 由美
京都の路地裏に、雨の日だけ開く本屋がある。看板はなく、軒先に青い傘が一本立ててあれば営業中、なければ休みという決まりだ。
店主の中村修さん（六十二歳）は、もともと気象台に勤めていた。定年の翌月、祖父の古い町家を片付けていて、三千冊の本と一本の傘を見つけたという。
「晴れた日は外を歩けばいい。本は雨の日のためにあるんです」と中村さんは笑う。
## 天気予報より正確な客
常連客は予報を見ない。空を見て、足を運ぶ。店に着くころには、たいてい降り出している。
! 軒先の青い傘が営業の合図
値札のついた本は一冊もない。読み終えた人が、次に読む人のために値段を決め、栞に書いて挟んでおく仕組みだ。百円のこともあれば、「お茶一杯」と書かれていることもある。
去年の梅雨は四十三日続いた。中村さんは一日も休まず、最後の日に虹が出たとき、初めて傘をたたむのを忘れたそうだ。"""

CHINESE: Final = """修钟表的老人和他的三千个时间
李文静
北城的老街上，有一间不到八平方米的钟表铺。铺子里挂着上百只钟，没有两只走得一样快。
店主周永年今年七十六岁，修了五十八年的表。他说，钟走得不一样没有关系，只要还在走就好。
“年轻人拿手机看时间，老人拿钟表记日子。”周永年一边说，一边用镊子夹起一颗比米粒还小的螺丝。
## 没人来取的表
柜台最下面的抽屉里，放着三千多只没人来取的表。最早的一只是一九七九年送来的，票据上的字已经看不清了。
! 周永年在店里修表
每个月的第一天，他都会给这些表上一次弦。有人问他为什么，他想了想说，万一明天有人来取呢。
今年春天，真的有人来了。一位从南方来的中年人拿着父亲留下的票据，取走了一只停了三十一年的怀表。周永年没有收钱，只请他把时间对准了再走。"""

ARABIC: Final = """مكتبة على ظهر جمل
ليلى حداد
كل يوم خميس، قبل أن ترتفع الشمس، يخرج العم سالم من قريته ومعه جمل وصندوقان من الكتب. يقطع خمسة وعشرين كيلومتراً في الرمال ليصل إلى ثلاث قرى لا تصل إليها الطريق.
بدأت الحكاية قبل ثلاثة عشر عاماً، حين أغلقت المدرسة الوحيدة في المنطقة مكتبتها. أخذ سالم الكتب إلى بيته حتى لا تأكلها الرطوبة، ثم قرر أن يعيدها إلى الأطفال بنفسه.
يقول سالم وهو يربط الصندوق: «الجمل لا يقرأ، لكنه يعرف الطريق أحسن مني».
## كتاب مقابل حكاية
لا يدفع الأطفال شيئاً. من يريد كتاباً جديداً عليه أن يروي ما قرأه في الكتاب السابق، بصوت عالٍ، أمام الجميع.
! العم سالم مع جمله قرب القرية الثانية
في العام الماضي عرضت عليه إحدى الجمعيات سيارة. شكرهم واعتذر، فالسيارة تحتاج إلى طريق، والأطفال يحبون الجمل.
يحلم سالم الآن بصندوق ثالث. لديه الكتب، ولديه القراء، وينقصه جمل آخر."""

KOREAN: Final = """섬마을 우체부의 마지막 여름
김하늘
남해의 작은 섬 소안리에는 우체부가 한 명뿐이다. 올해 예순여덟 살인 박정호 씨는 사십일 년 동안 하루도 빠지지 않고 배를 타고 편지를 날랐다.
섬에는 이제 서른두 가구가 산다. 편지는 줄었지만 약봉지와 김치 상자는 늘었다. 박 씨는 주소를 보지 않고도 누구의 것인지 안다.
"편지는 가벼운데 소식은 무겁지요." 그가 배에 오르며 말했다.
## 마지막 배달
우체국은 오는 구월부터 무인 보관함을 설치하기로 했다. 주민들은 반대하지 않았지만, 보관함이 안부를 물어 주지는 않는다고 입을 모았다.
! 소안리 선착장에 도착한 박정호 씨
마지막 배달 날, 서른두 집이 모두 박 씨에게 편지를 썼다. 그는 그 편지들을 하나씩 제집 우편함에 넣고, 하루를 기다렸다가 꺼내 읽었다고 한다."""
