"""The machine and the software that were measured."""

from __future__ import annotations

import datetime as dt
import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil
from report import Table

PACKAGES = ("stepdown", "numba", "numpy", "pandas", "simpy", "ciw")


def machine() -> Table:
    """Return what figures depend on; the load says how idle the machine was when the measuring began."""
    rows = [
        ("date", f"{dt.date.today():%-d %B %Y}"),
        ("processor", _processor()),
        ("cores", str(os.cpu_count())),
        ("memory", f"{psutil.virtual_memory().total / 2**30:.0f} GiB"),
        ("system", f"{platform.system()} {platform.release().split('-')[0]}"),
        ("load in the minute before", f"{os.getloadavg()[0]:.2f}"),
        ("Python", platform.python_version()),
        *((name, version(name)) for name in PACKAGES),
    ]
    return Table(("what", "value"), rows)


def _processor() -> str:
    names = [
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    return names[0] if names else platform.machine()
