"""Sealing for one browser, against the example of RFC 8291 and a reader of its own."""

from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from platform_core.capabilities.notifications import webpush
from platform_core.capabilities.notifications.webpush import decoded, encoded

from .devices import Browser

# RFC 8291, section 5 and appendix A.
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
READER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
    "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
    "lcy4a-fN"
)


def test_the_example_of_the_standard():
    own = ec.derive_private_key(int.from_bytes(decoded(SENDER)), webpush.CURVE)
    found = webpush.sealed(
        b"When I grow up, I want to be a watermelon", READER, SECRET, own=own, salt=decoded(SALT)
    )
    assert encoded(found) == BODY


@given(st.binary(max_size=300).filter(lambda one: not one.endswith(b"\x00")))
def test_the_browser_reads_what_was_sealed_and_its_size_says_nothing(payload):
    browser = Browser("http://127.0.0.1")
    body = webpush.sealed(payload, **browser.keys, length=300)
    assert browser.read(body) == payload
    assert len(body) == len(webpush.sealed(b"", **browser.keys, length=300))


@given(st.text(), st.text())
def test_a_secret_text_stands_for_one_pair_of_keys(one, other):
    first, second = (webpush.public_part(webpush.signing_key(text)) for text in (one, other))
    assert (first == second) == (one == other)
    assert len(decoded(first)) == 65
