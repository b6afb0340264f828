"""Files as nobody should send them: too large, broken, two things at once, something else than they say."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import cache
from typing import Any

from PIL import Image

GPS = 0x8825
ORIENTATION = 0x0112


def png(width: int, height: int, rows: int = 1) -> bytes:
    """Return a PNG that claims to be of this size and holds next to nothing."""
    data = zlib.compress(b"\x00" * ((width + 7) // 8 + 1) * rows)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
        + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")
    )  # fmt: skip


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def text_bomb() -> bytes:
    """Return a small PNG whose comment unpacks to half a gigabyte."""
    whole = photo("PNG", size=(64, 64))
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\x00" * (1 << 20)) for _ in range(512)) + packer.flush()
    return whole[:33] + _chunk(b"zTXt", b"Comment\x00\x00" + packed) + whole[33:]


@cache
def photo(kind: str = "JPEG", size: tuple[int, int] = (800, 600), mode: str = "RGB", **options: Any) -> bytes:
    """Return a photo with something to see: left half red, right half blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    file = io.BytesIO()
    image.convert(mode).save(file, kind, **dict(options))
    return file.getvalue()


def sideways() -> bytes:
    """Return a photo as phones write it: lying, with the word that it stands, and with the place where it was taken."""
    image = Image.new("RGB", (800, 600), "red")
    image.paste("blue", (400, 0, 800, 600))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (55.0, 45.0, 7.0)
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif, comment=b"SecretComment")
    return file.getvalue()


def deep() -> bytes:
    """Return a greyscale PNG of 16 bits: black to white from left to right."""
    image = Image.new("I;16", (256, 64))
    image.putdata([x * 257 for _ in range(64) for x in range(256)])
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def moving(kind: str, frames: int) -> bytes:
    """Return a picture that moves, each frame another one."""
    first, *others = [Image.new("P" if kind == "GIF" else "RGB", (120, 90), n % 200) for n in range(frames)]
    file = io.BytesIO()
    first.save(file, kind, save_all=True, append_images=others, duration=20, loop=0)
    return file.getvalue()


@cache
def bombs() -> dict[str, bytes]:
    """Return what is to be refused, by its name."""
    jpeg, whole = photo(), photo("PNG")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("../../evil.txt", "x")
    return {
        "huge.png": png(50_000, 50_000),
        "wide.png": png(2**31 - 1, 20),
        "tall.png": png(20, 1_000_000_000),
        "nothing.jpg": b"",
        "zeros.jpg": b"\x00" * 100_000,
        "cut.jpg": jpeg[: len(jpeg) // 3],
        "cut.png": whole[:60],
        "head.jpg": jpeg[:20],
        "cut.webp": photo("WEBP")[:40],
        "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>',
        "drawing.png": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"/>',
        "page.jpg": b"<!doctype html><script>alert(1)</script>" + b" " * 2000,
        "print.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n(/etc/passwd) (r) file\nshowpage\n",
        "print.pdf": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        "scan.tiff": photo("TIFF"),
        "icon.ico": photo("ICO", size=(64, 64)),
        "archive.jpg": archive.getvalue(),
        "program.jpg": b"MZ" + b"\x90" * 4000,
        "dot.png": photo("PNG", size=(1, 1)),
        "script.gif": b"GIF89a/*" + b"\x00" * 20 + b"*/=1;alert(1)//",
    }


@cache
def photos() -> dict[str, bytes]:
    """Return what is odd and still a photo."""
    return {
        "cmyk.jpg": photo(mode="CMYK"),
        "grey.jpg": photo(mode="L"),
        "palette.png": photo("PNG", mode="P"),
        "bits.png": photo("PNG", mode="1"),
        "clear.png": photo("PNG", mode="RGBA"),
        "deep.png": deep(),
        "sideways.jpg": sideways(),
        "moving.gif": moving("GIF", 3000),
        "moving.webp": moving("WEBP", 60),
        "with_archive.jpg": photo() + b"PK\x03\x04" + b"<script>alert('SecretTail')</script>" * 50,
        "with_page.gif": moving("GIF", 2) + b"<html><script>SecretTail</script>",
        "name\u202egpj.exe.jpg": photo(),
        "../../../etc/passwd.jpg": photo(),
        "long" + "я" * 300 + ".jpg": photo(),
        "no_name": photo(),
    }
