"""The README's pictures, made anew from the demo company: `./run pictures`.

Made by the portal itself in a real browser, so that they cannot show what is not there. WebP, each held under 150 KiB.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import python_calamine
import xlsxwriter
from PIL import Image
from playwright.sync_api import Browser, Page

from bench import servers, weight

ROOT = servers.ROOT
PICTURES = ROOT / "docs" / "pictures"
# Kept between runs: making the company takes longer than taking its pictures.
FOLDER = ROOT / "bench-data" / "pictures"
LARGEST = 148 * 1024
OFFICE, PHONE = (1366, 850), (390, 780)


NEW = ("Орлова Вероника", "Тихонова Майя", "Рыбакова Зоя", "Лапина Эмма", "Гусева Анна", "Котова Ольга")


def main() -> None:
    """Make the company if it is not there yet, serve it, take the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    PICTURES.mkdir(parents=True, exist_ok=True)
    code = re.search(r"code ([A-Z0-9-]+)", _flask("demo"))
    with servers.portal(FOLDER) as server, weight.browser() as start:
        browser = start()
        with _page(browser, server.address, OFFICE, "seller") as page:
            page.goto(server.address)
            _show_photos(page)
            _save(page, "stream")
        with _page(browser, server.address, PHONE, "seller", scale=2) as page:
            page.goto(server.address)
            _show_photos(page)
            _save(page, "phone")
        with _page(browser, server.address, OFFICE) as page:
            page.goto(f"{server.address}/terminal")
            page.fill("[name=code]", code[1] if code else "")
            page.locator("form:has([name=code]) [type=submit]").click()
            page.wait_for_load_state("networkidle")
            _save(page, "terminal")
        with _page(browser, server.address, OFFICE, "hr") as page, tempfile.TemporaryDirectory() as folder:
            page.goto(f"{server.address}/people/imports")
            page.set_input_files("input[type=file]", _next_list(Path(folder)))
            page.locator("form:has(input[type=file]) [type=submit]").click()
            page.locator("form[action$='/apply']").wait_for(timeout=60_000)
            _save(page, "import")
            # The company stays as it is for the next run.
            page.locator("form[action$='/discard'] [type=submit], [formaction$='/discard']").first.click()


@contextmanager
def _page(browser: Browser, address: str, size: tuple[int, int], login: str = "", scale: float = 1.5) -> Iterator[Page]:
    """Yield a page of a fresh browser, signed in by a demo login."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, device_scale_factor=scale, locale="ru-RU", reduced_motion="reduce"
    )
    page = context.new_page()
    if login:
        page.goto(f"{address}/sign-in")
        page.fill("[name=login]", login)
        page.fill("[name=password]", servers.PASSWORD)
        page.locator("form:has([name=password]) [type=submit]").first.click()
        page.wait_for_load_state("networkidle")
    yield page
    context.close()


def _show_photos(page: Page) -> None:
    """Move to the first post with photos, as a reader does."""
    page.evaluate("""() => {
        const post = document.querySelector(".post:has(.photos)");
        const bar = document.querySelector(".topbar")?.offsetHeight || 0;
        window.scrollTo(0, post.getBoundingClientRect().top + scrollY - bar - 16);
    }""")


def _save(page: Page, name: str) -> None:
    """Save what the window shows, as well as the size allows."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.activeElement?.blur()")
    page.wait_for_function("""() => [...document.images].every(one =>
        one.complete || one.getBoundingClientRect().top > innerHeight || one.getBoundingClientRect().bottom < 0)""")
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for quality in (88, 80, 70, 60, 50, 40, 30):
        file = io.BytesIO()
        shot.save(file, "WEBP", quality=quality, method=6)
        if file.tell() < LARGEST:
            break
    (PICTURES / f"{name}.webp").write_bytes(file.getvalue())
    print(f"{name}.webp  {shot.width} × {shot.height}  {file.tell() // 1024} KiB")


def _next_list(folder: Path) -> Path:
    """Write the company's staff list of next month: somebody new, moved, renamed, promoted, gone, and rows with mistakes."""
    path = folder / "Сотрудники, декабрь.xlsx"
    _flask("people", "export", "--xlsx", str(path))
    headings, *rows = python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()
    number, last, first, city, store, position, hired, dismissed = (0, 1, 2, 4, 5, 6, 7, 8)
    people = [row for row in rows if not row[dismissed]]
    sellers = [row for row in people if "Продавец" in str(row[position])]
    for row in sellers[3:9:2]:
        row[city], row[store] = sellers[-1][city], sellers[-1][store]
    for row in sellers[10:15:4]:
        row[position] = "Старший продавец"
    married = next(row for row in sellers[20:] if str(row[last]).endswith("ова"))
    married[last] = "Беляева"
    for row in sellers[40:42]:
        row[dismissed] = date(2026, 11, 20)
    for turn, name in enumerate(
        ("Орлова Вероника", "Тихонова Майя", "Рыбакова Зоя", "Лапина Эмма", "Гусева Анна", "Котова Ольга")
    ):
        row = [*sellers[turn * 9][:hired], date(2026, 11, 23), *[""] * (len(headings) - hired - 1)]
        row[number], (row[last], row[first]), row[position] = f"0{7700 + turn}", name.split(), "Стажёр"
        people.append(row)
    people[-2][number] = ""
    people[-1][hired] = "31.02.2026"
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet("Сотрудники")
        for place, row in enumerate((headings, *people)):
            sheet.write_row(place, 0, row)
    return path


def _flask(*arguments: str) -> str:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    done = subprocess.run(command, env=servers.settings(FOLDER), cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    main()
