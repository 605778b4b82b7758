"""Data cards: what a dataset is, whose it is, how it was made, and the checksum that tells whether it is intact.

Every dataset is a folder under ``datasets/`` with a ``card.json`` (and a README.md for people). The data lie
beside the card, inside this Python, inside another installed package, or behind a download; the card says which.
"""

from __future__ import annotations

import difflib
import hashlib
import html
import importlib.util
import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

__all__ = ["Card", "Catalogue", "available", "card", "data_folder", "verified_bytes"]

LOCATIONS = {
    "shipped": "here",
    "python": "in every Python",
    "package": "in another package",
    "download": "needs a download",
}
# What to do about a file that is missing or not the one that its card describes.
REMEDIES = {
    "shipped": "bring it back with `git checkout -- datasets/{name}` in a clone, or install the package again; "
    "if you changed it on purpose, write the new sha256 and size into its card.json",
    "package": "install it again: python -m pip install --force-reinstall {package}",
    "download": "delete it and call agentos_lab.datasets.download({name!r}) again",
    "python": "this Python lacks a part of its standard library",
}
# How a dataset of each kind is loaded.
LOADERS = {
    "text": "load_text({name!r})",
    "table": "load_table({name!r})",
    "model": "agentos_lab.lm.load_pretrained({model!r})",
    "problems": "agentos_lab.logic.load_problem(…)",
}


@dataclass(frozen=True)
class Card:
    """What is known about one dataset.

    Attributes:
        name: The name to load it by: its folder under ``datasets/``.
        title: One line.
        kind: ``"text"``, ``"table"``, ``"model"`` or ``"problems"``.
        location: ``"shipped"``, ``"python"``, ``"package"`` or ``"download"``: where the data lie.
        licence: SPDX name, or a sentence where there is none.
        source: Where the data come from: a person, a work, an address.
        made: How the data were made from that source.
        description: A short paragraph: what it is good for and what it is not.
        file: File name in the folder (or in the package, or in the cache); None when a program makes the text.
        size: Bytes of the file; for text from the running Python, roughly.
        sha256: Checksum of the file in hexadecimal; None when the text differs between Python versions.
        url: Address of a download.
        package: Name on the package index of the package that holds the data.
    """

    name: str
    title: str
    kind: str
    location: str
    licence: str
    source: str
    made: str
    description: str
    file: str | None = None
    size: int | None = None
    sha256: str | None = None
    url: str | None = None
    package: str | None = None

    @property
    def loader(self) -> str:
        """The call that loads it, e.g. ``"load_text('stories')"``."""
        return LOADERS[self.kind].format(name=self.name, model=self.name.replace("_", "-"))

    def __str__(self) -> str:
        lines = [
            f"{self.name}: {self.title}",
            f"  {self.kind}, {size_text(self.size)}, {LOCATIONS[self.location]}",
            f"  licence  {self.licence}",
            f"  source   {self.source}",
            f"  made     {self.made}",
            f"  {self.description}",
            f"  sha256   {self.sha256 or 'none: the text differs between Python versions'}",
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{field.name}</th>"
            f"<td style='text-align:left'>{html.escape(str(getattr(self, field.name)))}</td></tr>"
            for field in fields(self)
            if getattr(self, field.name) is not None
        )
        return f"<table>{rows}</table>"


@dataclass(frozen=True)
class Catalogue:
    """The cards of all datasets, in order of name; prints as a table."""

    cards: tuple[Card, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names to load them by."""
        return tuple(card.name for card in self.cards)

    def __len__(self) -> int:
        return len(self.cards)

    def __iter__(self) -> Iterator[Card]:
        return iter(self.cards)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __str__(self) -> str:
        rows = [("name", "size", "where", "licence", "title"), *map(_row, self.cards)]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        return "\n".join(
            f"{name:<{widths[0]}}  {size:>{widths[1]}}  {where:<{widths[2]}}  {licence:<{widths[3]}}  {title}"
            for name, size, where, licence, title in rows
        )

    def _repr_html_(self) -> str:
        head = "".join(
            f"<th style='text-align:left'>{title}</th>" for title in ("name", "size", "where", "licence", "title")
        )
        rows = "".join(
            "<tr>" + "".join(f"<td style='text-align:left'>{html.escape(cell)}</td>" for cell in _row(card)) + "</tr>"
            for card in self.cards
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def available() -> Catalogue:
    """All datasets that can be loaded by name.

    Returns:
        A catalogue that prints as a table: name, size, where the data lie, licence, title.
    """
    folders = sorted(path.parent for path in data_folder().glob("*/card.json"))
    return Catalogue(tuple(_read_card(folder) for folder in folders))


def card(name: str) -> Card:
    """The card of one dataset.

    Args:
        name: A name that `available()` lists.

    Raises:
        ValueError: There is no such dataset; the message lists those there are.
    """
    names = available().names
    if name not in names:
        close = difflib.get_close_matches(str(name), names, n=1, cutoff=0.5)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise ValueError(f"there is no dataset named {name!r}; {hint}available are: {', '.join(names) or 'none'}")
    return _read_card(data_folder() / name)


def data_folder() -> Path:
    """The folder with the datasets: inside the installed package, or beside it in a clone."""
    package = Path(__file__).resolve().parents[1]
    candidates = (package / "_data", package.parent / "datasets")
    for folder in candidates:
        if any(folder.glob("*/card.json")):
            return folder
    raise FileNotFoundError(
        f"the datasets are missing: neither {candidates[0]} nor {candidates[1]} holds a card.json. "
        "Install the package again, or take a fresh clone"
    )


def verified_bytes(card: Card, path: Path) -> bytes:
    """The content of a dataset's file, once its checksum has been compared with the card.

    Args:
        card: The card with the expected ``sha256``; without one nothing is compared.
        path: The file.

    Raises:
        FileNotFoundError: The file is not there.
        ValueError: The file is not the one that the card describes.
    """
    remedy = REMEDIES[card.location].format(name=card.name, package=card.package)
    if not path.is_file():
        raise FileNotFoundError(f"dataset {card.name!r}: {path} is missing; {remedy}")
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if card.sha256 and found != card.sha256:
        raise ValueError(
            f"dataset {card.name!r}: {path} is damaged or was edited: expected sha256 {card.sha256} "
            f"({card.size} bytes), found {found} ({len(content)} bytes); {remedy}"
        )
    return content


def package_folder(card: Card) -> Path:
    """The folder of the installed package that holds a dataset.

    Raises:
        ModuleNotFoundError: The package is not installed; the message gives the command.
    """
    assert card.package is not None, f"{card.name}: a card with location 'package' names its package"
    found = importlib.util.find_spec(card.package.replace("-", "_"))
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(
            f"dataset {card.name!r} lies in the package {card.package!r}, which is not installed; "
            f"install it with: python -m pip install {card.package}"
        )
    return Path(next(iter(found.submodule_search_locations)))


def size_text(size: int | None) -> str:
    """A number of bytes as people read it, e.g. ``1.2 MB``."""
    if size is None:
        return "size unknown"
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB" if size >= 1e3 else f"{size} B"


def _row(card: Card) -> tuple[str, str, str, str, str]:
    return card.name, size_text(card.size), LOCATIONS[card.location], card.licence, card.title


def _read_card(folder: Path) -> Card:
    path = folder / "card.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found = Card(name=folder.name, **content)
    except (json.JSONDecodeError, TypeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is not a data card: {error}; compare it with datasets/stories/card.json") from error
    for field, value, known in (("kind", found.kind, LOADERS), ("location", found.location, LOCATIONS)):
        if value not in known:
            raise ValueError(f"{path}: {field} is {value!r}; it must be one of {', '.join(known)}")
    return found
