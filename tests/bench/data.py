"""What the benchmarks measured, for the appendix "How far a proof reaches": book/data/reach.json, one part a benchmark."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FILE = ROOT / "book" / "data" / "reach.json"


def machine() -> str:
    """The processor, the cores, the system and Python, in one line."""
    cpu = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        models = [line for line in info.read_text(encoding="utf-8").splitlines() if line.startswith("model name")]
        cpu = models[0].split(":", 1)[1].strip() if models else cpu
    python = f"Python {platform.python_version()}"
    return f"{cpu or 'unknown processor'}, {os.cpu_count()} cores, {platform.system()}; {python}"


def save(part: str, measured: dict[str, Any]) -> None:
    """Replace one part of the file, with the machine it was measured on."""
    data = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    data[part] = {"machine": machine(), **measured}
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"written to {FILE.relative_to(ROOT)}: {part}")
