"""What a line that recurs says of its reader and publisher, in the languages of feeds."""

from __future__ import annotations

import lxml.html
import pytest

from feedd.article.sitememory.appeals import Appeal, ways_of
from feedd.article.tree.blocks import Block, cut


def block(text: str) -> Block:
    (found,) = cut(lxml.html.document_fromstring(f"<html><body><p>{text}</p></body></html>"))
    return found


@pytest.mark.parametrize(
    "text",
    [
        "This page has affiliate links.",
        "Dieser Beitrag enthält Werbelinks.",
        "Este texto contiene enlaces de afiliados, gracias.",
        "이 포스팅은 일정액의 수수료를 제공받습니다.",
        "本記事はアフィリエイト広告を利用しています。",
        "Makers send us what we test, and get it back.",
        "Das Testgerät kam vom Hersteller, der uns keinen Satz vorgab.",
        "Our sponsors",
        "Patrocinadores",
        "Reading time: five minutes",
        "Lesezeit: fünf Minuten",
        "7 min read",
        "4 минуты чтения",
        "Apply now",
        "Advice on lamps is followed at the reader's own risk.",
        "Sidan har visats 1 890 gånger.",
        "Jesteś gościem numer 5 377 na tej stronie.",
        "Jump to recipe",
        "Vai alla ricetta",
        "Lägg till i kalendern",
        "If you lit it, leave me a line below.",
        "Écrivez-nous si une lampe manque.",
        "Напишите нам, если лампа погасла.",
        "If you liked the lamp, share it with a friend.",
        "Lambayı beğendiyseniz dostlarınızla paylaşın.",
        "Une lampe manque ? Envoyez-nous sa photo.",
        "Raccontale della lampada, scrivile dalla pagina del lunedì.",
        "ランプの本のご購入はこちらから。",
        "램프 기사는 이웃에게 공유해 주세요.",
    ],
)
def test_a_line_that_pays_counts_minutes_or_asks_for_an_answer_calls(text: str) -> None:
    assert ways_of(block(text)).appeal == Appeal.CALLS


@pytest.mark.parametrize(
    "text",
    [
        "The lamp was paid for by the town.",
        "The shop sent a lamp to each of the schools.",
        "Leave the lamp a while to cool.",
        "Lamps burn for 7 minutes a gram.",
        "A lamp lit at night has a risk of its own.",
        "W domu było dwoje gości i lampa.",
        "Er schrieb mir im Mai.",
        "With the support in place, the lamp is lit.",
        "Read the dial before the lamp is lit.",
        "El apoyo de la lámpara es de hierro.",
        "Apply the oil with a brush.",
        "Four lamps share the oil, and let it be known.",
        "Su hermano comparte la lámpara.",
        "Er teilt sie in vier Lampen.",
    ],
)
def test_a_line_about_lamps_does_not_call_whatever_words_it_has(text: str) -> None:
    assert ways_of(block(text)).appeal != Appeal.CALLS


@pytest.mark.parametrize(
    "text",
    [
        "Geschrieben von Lena Fuchs",
        "Eingestellt von Lena Fuchs am 25.06.",
        "Escrito por Tomás Rey",
        "Napisała Ida Brandt",
        "Написал Иван Орлов",
        "Γράφτηκε από τον/την Μαρία Σκορδίλη",
        "Írta: Kovács Éva",
        "Skrevet av Ida Lund",
        "كتب بواسطة: محمد علي",
        "Hits: 3118",
        "Zugriffe: 3118",
        "Εμφανίσεις: 3.118",
        "Odsłony: 3118",
        "Visto: 3118",
        "アクセス数: 3118",
    ],
)
def test_who_put_a_page_up_and_how_often_it_was_seen_calls_in_words_of_software(text: str) -> None:
    assert ways_of(block(text)).appeal == Appeal.CALLS


@pytest.mark.parametrize(
    "text",
    [
        "Geschrieben wurde der Brief von Lena Fuchs.",
        "La lámpara fue escrita por nadie.",
        "Napisane przez lampę słowa gasną.",
        "Three hits and a lamp: 12 points.",
        "Träffar man lampan lyser den.",
        "Visite la sala con 3 lámparas.",
    ],
)
def test_a_sentence_with_such_words_does_not_call(text: str) -> None:
    assert ways_of(block(text)).appeal != Appeal.CALLS
