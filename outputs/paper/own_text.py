"""The author's own text in a paper: it is read back from the paper that is there, and never lost.

A place for it lies between ``<!-- your text: NAME -->`` and ``<!-- end -->``. A paper ends with a digest of all that
lies outside of these places, so that a change elsewhere is noticed before it would be overwritten.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from stepdown.scenarios.errors import RunError

BEGIN, END = "<!-- your text: {} -->", "<!-- end -->"
"""What stands around a place for the author's text."""

_MARK = re.compile(r"<!--\s*(?:your text:\s*(?P<name>[\w-]+)|(?P<end>end))\s*-->")
_DIGEST = re.compile(r"<!-- stepdown made this; outside of your text: (?P<digest>[0-9a-f]{64}) -->")


def own_texts(text: str, place: str) -> dict[str, str]:
    """Return the author's texts of a paper by name.

    Raises
    ------
    RunError
        If the marks do not come in pairs, or a name comes twice; ``place`` is what the paper is called then.
    """
    found: dict[str, str] = {}
    name, begun = "", 0
    for mark in _MARK.finditer(text):
        line = text.count("\n", 0, mark.start()) + 1
        if bool(name) != bool(mark["end"]) or mark["name"] in found:
            raise RunError(
                f"{place}:{line}: {mark[0]} stands where it cannot: each '<!-- your text: NAME -->' has a name of its "
                f"own and is followed by one '{END}'. Mend it, or name another file, so that no text is lost"
            )
        if mark["end"]:
            found[name] = text[begun : mark.start()]
            name = ""
        else:
            name, begun = mark["name"], mark.end()
    if name:
        raise RunError(f"{place}: the text {name!r} has no '{END}'. Write it, or name another file")
    return found


def sealed(text: str) -> str:
    """Return a finished paper with the digest of what lies outside of the author's texts, put before the last tag."""
    seal = f"<!-- stepdown made this; outside of your text: {_digest(text)} -->"
    head, tag, rest = text.rpartition("</html>")
    return f"{head}{seal}\n{tag}{rest}"


def kept_texts(path: Path) -> Mapping[str, str]:
    """Return the author's texts of the paper that a new one is to replace; none where there is no paper.

    Raises
    ------
    RunError
        If the file is no paper of stepdown, its marks are broken, or it was changed outside of them.
    """
    if not path.exists():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise RunError(f"{path} is no paper that stepdown made. Name another file, so that it is not lost") from None
    seal = _DIGEST.search(text)
    if seal is None:
        raise RunError(f"{path} is no paper that stepdown made. Name another file, so that it is not lost")
    found = own_texts(text, str(path))
    if _digest(text.replace(f"{seal[0]}\n", "")) != seal["digest"]:
        raise RunError(
            f"{path} was changed outside of the places for your text, and that would be lost. Move what you wrote "
            f"between '{BEGIN.format('NAME')}' and '{END}', or name another file"
        )
    return found


def _digest(text: str) -> str:
    """Return the SHA-256 of all but the author's texts."""
    outside = re.sub(r"(<!--\s*your text:[^>]*-->).*?(<!--\s*end\s*-->)", r"\1\2", text, flags=re.DOTALL)
    return hashlib.sha256(outside.encode()).hexdigest()
