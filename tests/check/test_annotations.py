"""Annotations of GitHub Actions: what a server says can forge none of them."""

from mock_server.check.report_annotations import _data, _property


def test_a_text_stays_one_command() -> None:
    assert _data("50 %\r\n::error::forged") == "50 %25%0D%0A::error::forged"
    assert _property("a:b,c\n") == "a%3Ab%2Cc%0A"
