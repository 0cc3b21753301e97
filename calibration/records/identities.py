"""Codes in place of what identifies people: keyed hashes, which nobody can turn back without the key.

The key is random and thrown away, unless it is kept in a file so that two imports give a person the same code.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from stepdown.scenarios.errors import RunError

KEY_BYTES = 32

Codes = np.ndarray[Any, np.dtype[np.uint64]]

NOBODY = 0
"""The code of a row that identifies nobody."""


def key_of(file: Path | None) -> bytes:
    """Return the key of a file, which is made for its owner alone if it is not there; without a file, a new key.

    Raises
    ------
    RunError
        If the file holds something else than a key.
    """
    if file is None:
        return secrets.token_bytes(KEY_BYTES)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as writer:
            writer.write(secrets.token_hex(KEY_BYTES) + "\n")
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise RunError(f"{file} holds no key. Name a file that is not there yet, and a key is made in it")
    return key


def code_of(identifier: str, key: bytes) -> int:
    """Return the code of what identifies a person; of the empty text, that of nobody."""
    if not identifier:
        return NOBODY
    return int.from_bytes(blake2b(identifier.encode(), key=key, digest_size=8).digest(), "big") or 1


def codes_of(identifiers: Sequence[str], key: bytes) -> Codes:
    """Return the codes of a column, each text being hashed once."""
    numbers, texts = pd.factorize(np.asarray(identifiers, dtype=object))
    of_texts = np.array([code_of(text, key) for text in texts], dtype=np.uint64)
    return of_texts[numbers] if len(texts) else np.zeros(0, dtype=np.uint64)


def as_texts(codes: Codes) -> list[str]:
    """Return codes as a history holds them: sixteen letters and digits."""
    return [f"{code:016x}" for code in codes.tolist()]
