"""Compiled functions are kept for the next process, and made anew when anything that is compiled in has changed."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path

import pytest
from project import ROOT, modules, parsed

from stepdown.outputs.measures import compiling

pytestmark = pytest.mark.measures

BELOW = ("stepdown.scenarios", "stepdown.simulation")


def test_a_constant_of_another_module_that_has_changed_is_compiled_in_anew(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "answer.py").write_text(
        "from stepdown.outputs.measures.compiling import compiled\n"
        "import constant\n\nVALUE = constant.VALUE\n\n@compiled\ndef value():\n    return VALUE\n",
        "utf-8",
    )

    def answer(constant: int, fingerprint: str) -> int:
        (tmp_path / "constant.py").write_text(f"VALUE = {constant}  # {fingerprint}\n", "utf-8")
        monkeypatch.setattr(compiling, "fingerprint", lambda: fingerprint)
        for name in ("constant", "answer"):
            monkeypatch.delitem(sys.modules, name, raising=False)
        return importlib.import_module("answer").value()

    assert answer(1, "one") == 1
    assert answer(2, "one") == 1, "Numba has looked at more than one file: the fingerprint is not needed any more"
    assert answer(2, "another") == 2


@pytest.mark.parametrize("changed", ["outputs/tally.py", "outputs/measures/waits.py"])
def test_every_module_that_is_compiled_from_is_part_of_the_fingerprint(monkeypatch, changed):
    before, read = compiling.fingerprint.__wrapped__(), Path.read_bytes
    assert compiling.fingerprint.__wrapped__() == before
    monkeypatch.setattr(Path, "read_bytes", lambda file: read(file) + b"#" * (file == ROOT / changed))
    assert compiling.fingerprint.__wrapped__() != before


def test_modules_with_compiled_functions_take_nothing_but_types_from_the_layers_below():
    found = 0
    for file in modules():
        imports = {node.module: node.names for node in ast.walk(parsed(file)) if isinstance(node, ast.ImportFrom)}
        if "stepdown.outputs.measures.compiling" not in imports:
            continue
        found += 1
        assert file.parent in {ROOT / "outputs" / folder for folder in compiling.FOLDERS}, (
            f"{file.name} is not fingerprinted"
        )
        below = [names for module, names in imports.items() if module.startswith(BELOW)]
        others = [name.name for names in below for name in names if name.name.isupper() or name.name.islower()]
        assert others == [], f"{file.name}: {others} may be compiled in, and nobody would notice that they have changed"
    assert found == 9
