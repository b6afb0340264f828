"""`python -m bench`: measures, prints one table, and fails when a bar is broken.

--quick        two minutes: a smaller company, short runs, no growth and no news
--only NAME    start, load, weight, growth or news; may be given several times
--keep         leaves the data in bench-data/, so that the next run needs not make it
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import floor, measures, servers
from bench.table import Table

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "bench-data"
PARTS = ("start", "load", "weight", "growth", "news")
# What takes minutes to be made large.
LARGE = ("growth", "news")
POSTS, QUICK_POSTS, PEOPLE = 20_000, 2_400, 450


def main() -> int:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(
        prog="./run bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", choices=PARTS)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    wanted = options.only or [part for part in PARTS if part not in LARGE or not options.quick]
    table = Table()
    began = time.monotonic()
    with data(options.keep) as folder:
        company = make_company(folder, QUICK_POSTS if options.quick else POSTS)
        for part in wanted:
            print(f"{part}:", flush=True)
            getattr(measures, part)(table, folder, company, options.quick)
    print(f"\n{table.text()}\n\n{time.monotonic() - began:.0f} s", flush=True)
    DATA.mkdir(exist_ok=True)
    (DATA / "results.json").write_text(json.dumps(table.data(), ensure_ascii=False, indent=1))
    for row in table.broken:
        print(f"does not hold: {row.measure}: {row.ritm}, {row.bar}", file=sys.stderr)
    return 1 if table.broken else 0


@contextmanager
def data(keep: bool) -> Iterator[Path]:
    """Yield the folder for databases, and clear it away afterwards unless it is to be kept."""
    DATA.mkdir(exist_ok=True)
    try:
        yield DATA
    finally:
        if not keep:
            for path in DATA.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def make_company(folder: Path, posts: int) -> Path:
    """Make the demo company and the floor's posts, unless a former run has left them."""
    company, bottom = folder / f"company-{posts}-{schema()}", folder / measures.FLOOR
    if not (company / "made").exists():
        print(f"making a company of {PEOPLE} people and {posts} posts …", flush=True)
        shutil.rmtree(company, ignore_errors=True)
        company.mkdir()
        servers.flask(company, "demo", f"--people={PEOPLE}", f"--posts={posts}")
        measures.prepare(company)
        (company / "made").touch()
    if not bottom.exists():
        floor.fill(bottom.with_suffix(".new"))
        bottom.with_suffix(".new").rename(bottom)
    return company


def schema() -> str:
    """Return a mark of the database's schema: data kept from before a change of it are of no use."""
    texts = (path.read_bytes() for path in sorted((ROOT / "migrations" / "versions").glob("*.py")))
    return hashlib.sha256(b"".join(texts)).hexdigest()[:8]


if __name__ == "__main__":
    sys.exit(main())
