"""The one small family of errors that stepdown raises on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class StepdownError(Exception):
    """Anything that stepdown refuses, with a message meant for the person at the keyboard."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a scenario file.

    Attributes
    ----------
    file
        The file in which it stands, or None for a value set on the command line.
    line, column
        Where it stands, counted from 1; 0 when the place is not known.
    path
        The keys that lead to it, such as ``("settings", "residential", "places")``.
    rule
        What is wrong, with the wrong value.
    remedy
        What to write instead.
    source
        The text of the line, for showing with a caret.
    """

    file: Path | None
    line: int
    column: int
    path: tuple[str | int, ...]
    rule: str
    remedy: str = ""
    source: str = ""

    def __str__(self) -> str:
        """``file:line:column``, the rule, the line with a caret, and the remedy."""
        name = str(self.file) if self.file is not None else "command line"
        place = f"{name}:{self.line}:{self.column}" if self.line else name
        lines = [f"{place}: {self.rule}"]
        if self.path:
            lines[0] = f"{place}: {'.'.join(str(key) for key in self.path)}: {self.rule}"
        if self.source:
            # Of a line too long for a screen, the part around the place is shown.
            cut = max(0, self.column - 80) if len(self.source) > 160 else 0
            lines += [f"    {self.source[cut : cut + 160]}", "    " + " " * (self.column - 1 - cut) + "^"]
        if self.remedy:
            lines.append(f"    {self.remedy}")
        return "\n".join(lines)


class ScenarioError(StepdownError):
    """A scenario that cannot be used, with every fault that was found.

    Parameters
    ----------
    faults
        At least one fault, in the order in which they are shown.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class RunError(StepdownError):
    """A run that cannot be started, finished, read or compared."""


class ChoiceError(RunError):
    """Somebody chose an option or a person that there is not."""


class NotComparableError(RunError):
    """Runs that cannot be compared with one another."""
