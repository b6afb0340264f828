"""What people write: cleaned, rendered safely and quickly, cut where a card ends, with the named linked."""

import time

import pytest

from app.content.text import BODY_LIMIT, clean, excerpt, mentioned, render


@pytest.mark.parametrize("sign", [">", "[", "*", "`", "_", "- ", "![", "](", "@а ", "http://", "&", "\\", "\n", "1. ", "<"])
def test_a_million_signs_take_no_second(sign):
    body = (sign * 1_000_000)[:1_000_000]
    started = time.process_time()
    text = clean(body)[:BODY_LIMIT]
    html = render(text)
    excerpt(text)
    mentioned(text)
    assert time.process_time() - started < 1
    assert "<script" not in html


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\x00b", "ab"),
        ("\ud800", "?"),
        ("  слово  \r\n\r\n\r\n\r\nдва \r", "слово\n\nдва"),
        ("\u202eкод\u2066", "код"),
        ("а" + "\u0301" * 40, "а\u0301\u0301"),
        ("👩‍👩‍👧 👍🏽", "👩‍👩‍👧 👍🏽"),
        ("\u200b\ufeff", ""),
    ],
)
def test_what_no_eye_can_see_is_gone(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("**Важно** и *кстати*", "<p><strong>Важно</strong> и <em>кстати</em></p>"),
        ("раз\nдва", "<p>раз<br>\nдва</p>"),
        ("- а\n- б", "<ul>\n<li>а</li>\n<li>б</li>\n</ul>"),
        ("<b>нет</b>", "<p>&lt;b&gt;нет&lt;/b&gt;</p>"),
        ("# не заголовок", "<p># не заголовок</p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
    ],
)
def test_as_little_markup_as_people_use(body, html):
    assert render(body) == html


@pytest.mark.parametrize(
    "body", ["[x](javascript:alert(1))", "[x](data:text/html,1)", "[x](vbscript:x)", "javascript:alert(1)"]
)
def test_links_lead_nowhere_dangerous(body):
    assert "<a" not in render(body)


def test_links_are_found_and_made_safe():
    html = render("см. example.com и https://example.org/a?b=1&c=2")
    assert html.count("<a ") == 2
    assert html.count('rel="noopener nofollow"') == 2


def test_the_named_are_linked_and_others_not():
    html = render("@Анна Авторова и @Некто Никто, почта a@Анна Авторова", {"анна авторова": 7})
    assert html.count('href="/people/7"') == 1
    assert '<a href="/people/7" class="mention"' in html
    assert "@Некто Никто" in html


def test_long_texts_are_cut_at_a_word():
    body = "слово " * 200
    short = excerpt(body)
    assert short is not None
    assert short.endswith("слово…</p>")
    assert len(short) < 500
    assert excerpt("Коротко") is None
    assert excerpt("\n".join("строка" for _ in range(7))) is None
    assert excerpt("\n".join("строка" for _ in range(20))) is not None
