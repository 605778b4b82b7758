"""``python -m agentos_lab``: see `agentos_lab.commands`."""

from __future__ import annotations

import io
import sys

from agentos_lab.commands import main

__all__: list[str] = []

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that lacks a sign shows "?" instead of stopping
    sys.exit(main())
