"""Requests to addresses that users name lead outside, or nowhere."""

import pytest

from app import outside

INNER = [
    "http://example.com/push",
    "https://127.0.0.1/push",
    "https://localhost/push",
    "https://10.1.2.3/",
    "https://172.16.0.9/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fd00::1]/",
    "https://0.0.0.0/",
    "https://2130706433/",
    "https://224.0.0.1/",
    "https://user:word@8.8.8.8/",
    "https://8.8.8.8:22/",
    "https://8.8.8.8:99999/",
    "ftp://8.8.8.8/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "",
]


@pytest.mark.parametrize("address", INNER)
def test_what_leads_inside_is_not_asked(bare, address):
    with bare.context(), pytest.raises((outside.Inner, OSError)):
        outside.post(address, b"", {})


def test_what_leads_outside_may_be_asked(bare):
    with bare.context():
        assert outside.check("https://8.8.8.8/push?id=1").hostname == "8.8.8.8"
