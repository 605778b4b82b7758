"""Tabular datasets: CSV or Stata files with a card, read into pandas."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from .cards import card, data_folder, package_folder, verified_bytes
from .downloads import cache_folder

if TYPE_CHECKING:
    import pandas

__all__ = ["load_table"]


def load_table(name: str) -> pandas.DataFrame:
    """Load a table by its name under ``datasets/``, offline, and check that it is intact.

    Args:
        name: A table that `available()` lists.

    Returns:
        The data frame; its card is ``frame.attrs["card"]``.

    Raises:
        ValueError: The name is unknown, not a table, or its file is damaged.
        FileNotFoundError: The file is missing (a download that has not been made).
        ModuleNotFoundError: pandas, or the package that holds the table, is not installed.
    """
    found = card(name)
    if found.kind != "table":
        raise ValueError(f"dataset {name!r} is a {found.kind}, not a table; load it with {found.loader}")
    assert found.file is not None, f"{name}: the card names no file"
    try:
        import pandas
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("tables need pandas; install it with: python -m pip install pandas") from error
    folders = {"shipped": data_folder, "package": lambda: package_folder(found), "download": cache_folder}
    folder = folders[found.location]()
    path = folder / found.file if found.location == "package" else folder / name / found.file
    content = io.BytesIO(verified_bytes(found, path))
    frame = pandas.read_stata(content) if path.suffix == ".dta" else pandas.read_csv(content)
    frame.attrs["card"] = found
    return frame
