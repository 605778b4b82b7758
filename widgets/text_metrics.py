"""Text metrics: how wide a text is, from a table of advance widths, so that no picture depends on a machine.

A browser could measure its own fonts, but then the static picture and the live stage would differ, and the
picture would differ between two machines. Both draw with these numbers instead (`measures()` hands the table
to JavaScript). They are the advance widths of Liberation Sans, metrically equal to Arial and Helvetica, with
DejaVu Sans for symbols; the code face is DejaVu Sans Mono. A text may be set in another face, so leave 5 %.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

__all__ = ["fit", "measures", "text_width", "wrap"]

MONO = 602  # every character of the code face, in thousandths of the font size
WIDE = 1000  # East Asian characters and emoji fill a square
UNKNOWN = 600
CLIP_MARK = "…"
LAST_CODE_POINT = 0x1FAFF  # the ranges told to JavaScript end with the last block of emoji

# First code point of a block -> widths of the characters from there on, in thousandths of the font size.
# These are symbols of DejaVu Sans, which are as wide in both weights.
SYMBOLS = {
    0x2190: "1000 500 1000 500 1000 500 838 838 838 838 838 838 838 838 838 838",
    0x21B5: "838",
    0x2248: "549",
    0x2260: "549 583 838 838 549 549",
    0x2500: "708",
    0x25A0: "604 604",
    0x25B2: (
        "990 769 502 502 769 769 502 502 990 769 990 769 502 502 769 769 502 502 990 769 769 769 769 873 494 "
        "604 873 873 873 604"
    ),
    0x2713: "838 838 838 838 838 838",
}
REGULAR = {
    0x20: (
        "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 "
        "556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 "
        "722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 "
        "500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584"
    ),
    0xA0: (
        "278 333 556 556 556 556 260 556 333 737 370 556 584 333 737 552 400 549 333 333 333 576 537 278 333 "
        "333 365 556 834 834 834 611 667 667 667 667 667 667 1000 722 667 667 667 667 278 278 278 278 722 722 "
        "778 778 778 778 778 584 778 722 722 722 722 667 667 611 556 556 556 556 556 556 889 500 556 556 556 "
        "556 278 278 278 278 556 556 556 556 556 556 556 549 611 556 556 556 556 500 556 500"
    ),
    0x391: (
        "667 667 551 668 667 611 722 778 278 667 668 833 722 650 778 722 667 600 618 611 667 798 667 835 748 "
        "278 667 578 446 556 222 547 578 575 500 557 446 441 556 556 222 500 500 576 500 448 556 690 569 482 "
        "617 395 547 648 525 713 781"
    ),
    0x410: (
        "667 656 667 542 677 667 923 604 719 719 583 656 833 722 778 719 667 722 611 635 760 667 740 667 917 "
        "938 792 885 656 719 1010 722 556 573 531 365 583 556 669 458 559 559 438 583 688 552 556 542 556 500 "
        "458 500 823 500 573 521 802 823 625 719 521 510 750 542"
    ),
    0x2010: ("333 333 636 556 1000 1000 500 552 222 222 222 222 333 333 333 518 556 556 350 590 334 667 1000"),
    0x2070: (
        "401 179 600 600 401 401 401 401 401 401 528 528 528 246 246 365 401 401 401 401 401 401 401 401 401 "
        "401 528 528 528 246 246"
    ),
    0x2200: "684 636 494 632 632 871 612 669 871 871 718 871 871 718 636 823 757 713 584",
    0x221A: "549 637 637 714 713",
    0x2227: "732 732 719 732 274",
    0x22A2: "871 871 871 871 521 521 871",
    0x2423: "635",
    **SYMBOLS,
}
BOLD = {
    0x20: (
        "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 "
        "556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 "
        "722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 611 278 278 "
        "556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584"
    ),
    0xA0: (
        "278 333 556 556 556 556 280 556 333 737 370 556 584 333 737 552 400 549 333 333 333 576 556 278 333 "
        "333 365 556 834 834 834 611 722 722 722 722 722 722 1000 722 667 667 667 667 278 278 278 278 722 722 "
        "778 778 778 778 778 584 778 722 722 722 722 667 667 611 556 556 556 556 556 556 889 556 556 556 556 "
        "556 278 278 278 278 611 611 611 611 611 611 611 549 611 611 611 611 611 556 611 556"
    ),
    0x391: (
        "722 722 601 719 667 611 722 778 278 722 667 833 722 644 778 722 667 600 600 611 667 821 667 809 802 "
        "278 667 615 451 611 278 582 615 610 556 606 475 460 611 541 278 558 556 612 556 445 611 766 619 520 "
        "684 446 582 715 576 753 845"
    ),
    0x410: (
        "722 719 722 567 712 667 904 626 719 719 610 702 833 722 778 719 667 722 611 622 854 667 730 703 1005 "
        "1019 870 979 719 711 1031 719 556 618 615 417 635 556 709 497 615 615 500 635 740 604 611 604 611 "
        "556 490 556 875 556 615 581 833 844 729 854 615 552 854 583"
    ),
    0x2010: ("333 333 696 556 1000 1000 500 552 278 278 278 278 500 500 500 657 556 556 350 639 333 667 1000"),
    0x2070: (
        "438 219 600 600 438 438 438 438 438 438 528 528 528 288 288 396 438 438 438 438 438 438 438 438 438 "
        "438 528 528 528 288 288"
    ),
    0x2200: "774 696 494 683 683 856 612 697 896 896 750 896 896 750 636 823 787 713 584",
    0x221A: "549 667 667 712 713",
    0x2227: "812 812 722 812 274",
    0x22A2: "914 914 914 914 542 542 914",
    0x2423: "716",
    **SYMBOLS,
}


def text_width(text: str, size: float = 13, *, bold: bool = False, mono: bool = False) -> float:
    """Width of one line of text in pixels.

    Args:
        text: The line; combining marks and joiners count nothing, wide characters one square.
        size: Font size in pixels.
        bold: Weight 600 instead of 400.
        mono: Set in the code face.
    """
    return sum(advance(character, bold, mono) for character in text) * size / 1000


def fit(text: str, width: float, size: float = 13, *, bold: bool = False, mono: bool = False) -> str:
    """The text, cut and marked with ``…`` if it is wider than `width` pixels; empty if not even that fits."""
    if text_width(text, size, bold=bold, mono=mono) <= width:
        return text
    room = width - text_width(CLIP_MARK, size, bold=bold, mono=mono)
    kept, used = "", 0.0
    for character in text:
        used += advance(character, bold, mono) * size / 1000
        if used > room:
            break
        kept += character
    return kept + CLIP_MARK if room >= 0 else ""


def wrap(text: str, width: float, size: float = 13, *, bold: bool = False, mono: bool = False) -> list[str]:
    """Lines of at most `width` pixels, broken at blanks; a longer word gets a line of its own."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold, mono=mono) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@cache
def advance(character: str, bold: bool, mono: bool) -> int:
    """Advance width of one character in thousandths of the font size."""
    if is_unseen(character):
        return 0
    if is_wide(character):
        return WIDE
    return MONO if mono else widths(bold).get(ord(character), UNKNOWN)


@cache
def widths(bold: bool) -> dict[int, int]:
    """Code point -> advance width of the proportional face."""
    blocks = BOLD if bold else REGULAR
    return {start + offset: int(width) for start, block in blocks.items() for offset, width in enumerate(block.split())}


def is_unseen(character: str) -> bool:
    """Whether the character takes no room: combining marks, joiners, variation selectors."""
    return character != "\xad" and unicodedata.category(character) in ("Mn", "Me", "Cf")


def is_wide(character: str) -> bool:
    """Whether the character fills a square (East Asian wide and full width, emoji)."""
    # Python calls unassigned code points full width; they are drawn as a narrow box.
    return unicodedata.category(character) != "Cn" and unicodedata.east_asian_width(character) in ("W", "F")


@cache
def measures() -> dict[str, object]:
    """The same tables for JavaScript: blocks of widths, and ranges of unseen and wide characters."""
    return {
        "regular": REGULAR,
        "bold": BOLD,
        "mono": MONO,
        "wide": WIDE,
        "unknown": UNKNOWN,
        "unseen_ranges": list(ranges(is_unseen)),
        "wide_ranges": list(ranges(is_wide)),
    }


def ranges(belongs: Callable[[str], bool]) -> Iterator[list[int]]:
    """First and last code points of the runs of characters that belong, up to the last plane in use."""
    start = None
    for code in range(0x20, LAST_CODE_POINT + 2):
        inside = code <= LAST_CODE_POINT and belongs(chr(code))
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            yield [start, code - 1]
            start = None
