"""Text datasets: one string each, with the card that says where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from .cards import Card, card, data_folder, package_folder, size_text, verified_bytes
from .downloads import cache_folder
from .python_texts import PYTHON_TEXTS

__all__ = ["TextDataset", "load_text"]


@dataclass(frozen=True)
class TextDataset:
    """A text to train on or to measure with.

    Attributes:
        name: Its name under ``datasets/``.
        text: All of it.
        card: Where it comes from and under which licence.
    """

    name: str
    text: str
    card: Card

    def split(self, fraction: float = 0.9) -> tuple[str, str]:
        """The first part for training and the rest for validation.

        The cut is moved forward to the next blank line when there is one near, so that no story or paragraph
        is half in one part and half in the other.

        Args:
            fraction: Share of the characters that goes to training, between 0 and 1.

        Returns:
            (training text, validation text); joined they are the whole text.

        Raises:
            ValueError: `fraction` is not strictly between 0 and 1.
        """
        if not 0 < fraction < 1:
            raise ValueError(
                f"fraction must lie strictly between 0 and 1, got {fraction}; 0.9 keeps a tenth for validation"
            )
        cut = round(fraction * len(self.text))
        blank = self.text.find("\n\n", cut, cut + 2000)
        cut = cut if blank < 0 else blank + 2
        return self.text[:cut], self.text[cut:]

    def __len__(self) -> int:
        return len(self.text)

    def __str__(self) -> str:
        start = " ".join(self.text[:160].split())
        return (
            f"{self.name}: {len(self.text):,} characters ({len(set(self.text))} different), "
            f"{len(self.text.split()):,} words; {self.card.licence}\n  {start} …"
        )

    __repr__ = __str__


def load_text(name: str) -> TextDataset:
    """Load a text dataset, offline, and check that it is intact.

    Args:
        name: ``"stories"``, ``"python_topics"``, ``"python_docstrings"``, ``"tiny_shakespeare"`` (once it has
            been downloaded), or any other text that `available()` lists.

    Returns:
        The text with its card.

    Raises:
        ValueError: The name is unknown, not a text, or its file is damaged.
        FileNotFoundError: It has to be downloaded first.
    """
    found = card(name)
    if found.kind != "text":
        raise ValueError(f"dataset {name!r} is a {found.kind}, not a text; load it with {found.loader}")
    if found.location == "python":
        return TextDataset(name, PYTHON_TEXTS[name](), found)
    assert found.file is not None, f"{name}: the card names no file"
    folder = data_folder() / name if found.location == "shipped" else None
    if found.location == "package":
        folder = package_folder(found)
    if found.location == "download":
        folder = cache_folder() / name
        if not (folder / found.file).is_file():
            raise FileNotFoundError(
                f"dataset {name!r} ({size_text(found.size)}) is not on this machine yet; with a network, fetch it "
                f"with agentos_lab.datasets.download({name!r}). Without one, load_text('stories'), "
                "load_text('python_topics') and load_text('python_docstrings') work"
            )
    assert folder is not None
    return TextDataset(name, verified_bytes(found, folder / found.file).decode("utf-8"), found)
