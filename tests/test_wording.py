"""Texts that have to fit."""

from __future__ import annotations

import pytest

from stepdown.outputs.words.wording import cut, first_sentences

pytestmark = pytest.mark.measures


def test_a_text_that_is_too_long_ends_in_three_dots() -> None:
    assert cut("seven letters", 13) == "seven letters"
    assert cut("seven letters", 9) == "seven..."


def test_as_many_whole_sentences_are_kept_as_fit() -> None:
    said = "It stops at £1.50 a week. 95% interval: £1 to £2. That is far."
    assert first_sentences(said, 200) == said
    assert first_sentences(said, 50) == "It stops at £1.50 a week. 95% interval: £1 to £2."
    assert first_sentences(said, 30) == "It stops at £1.50 a week."
    assert first_sentences(said, 12) == "It stops..."
