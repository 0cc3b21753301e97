"""The command line: its commands, and how a mistake ends."""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

import click

for command in (init, check, explain, show, run, compare, needs, journey, schema, list_):
