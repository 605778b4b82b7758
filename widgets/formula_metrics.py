"""How wide formulas are: advance widths of Liberation Serif (metrically equal to Times New Roman), upright and italic.

As in `text_metrics`, a table stands for the machine's own fonts, so that a formula is the same everywhere.
"""

from __future__ import annotations

from functools import cache

__all__ = ["SERIF_FACE", "serif_width"]

# The faces that share the widths measured here, in order of preference.
SERIF_FACE = "'Liberation Serif', 'Times New Roman', Times, serif"
UNKNOWN = 500

# First code point of a block -> widths of the characters from there on, in thousandths of the font size.
UPRIGHT = {
    0x20: (
        "250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 500 500 500 500 278 "
        "278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 611 889 722 722 556 722 667 556 611 722 "
        "722 944 722 722 611 333 278 333 469 500 333 444 500 444 500 444 333 500 500 278 278 500 278 778 500 500 500 "
        "500 333 389 278 500 500 722 500 500 444 480 200 480 541"
    ),
    0xA0: (
        "250 333 500 500 500 500 200 500 333 760 276 500 564 333 760 500 400 549 300 300 333 576 453 250 333 300 310 "
        "500 750 750 750 444 722 722 722 722 722 722 889 667 611 611 611 611 333 333 333 333 722 722 722 722 722 722 "
        "722 564 722 722 722 722 722 722 556 500 444 444 444 444 444 444 667 444 444 444 444 444 278 278 278 278 500 "
        "500 500 500 500 500 500 549 500 500 500 500 500 500 500 500"
    ),
    0x391: "722 667 578 643 611 611 722 722 333 722 725 889 722 643 722 722 556 500 582 611 722 731 722 738 743",
    0x3B1: "524 509 442 471 420 414 523 479 269 504 485 536 452 446 500 505 499 396 539 402 495 577 444 626 658",
    0x2013: "500 1000",
    0x2026: "1000",
    0x2032: "219 417",
    0x2190: "1000 500 1000 500 1000",
    0x2205: "823",
    0x2211: "713 564",
    0x2260: "549",
    0x2264: "549 549",
}
ITALIC = UPRIGHT | {
    0x20: (
        "250 333 420 500 500 833 778 214 333 333 500 675 250 333 250 278 500 500 500 500 500 500 500 500 500 500 333 "
        "333 675 675 675 500 920 611 611 667 722 611 611 722 722 333 444 667 556 833 667 722 611 722 611 500 556 722 "
        "611 833 611 556 556 389 278 389 422 500 333 500 500 444 500 444 278 500 500 278 278 444 278 722 500 500 500 "
        "500 389 389 278 500 444 667 444 444 389 400 275 400 541"
    ),
    0x391: "611 611 569 587 611 556 722 722 333 667 604 833 667 639 722 722 611 500 594 556 556 761 611 703 723",
    0x3B1: "525 498 394 465 394 405 496 491 278 480 433 502 444 428 500 501 480 406 493 358 459 553 440 621 706",
    0x2026: "889",
    0x2211: "713 675",
}


def serif_width(text: str, size: float, *, italic: bool = False) -> float:
    """Width in pixels of a text in the serif face.

    Args:
        text: One line.
        size: Font size in pixels.
        italic: Set in italics.
    """
    return sum(widths(italic).get(ord(character), UNKNOWN) for character in text) * size / 1000


@cache
def widths(italic: bool) -> dict[int, int]:
    """Code point -> advance width."""
    blocks = ITALIC if italic else UPRIGHT
    return {start + offset: int(width) for start, block in blocks.items() for offset, width in enumerate(block.split())}
