"""Positional encodings: how a model learns where a token stands.

Attention alone does not see order: shuffle the tokens and every output is shuffled alike. Two encodings here
rest on the same table of angles, position × frequency:

- **sinusoidal** (Vaswani et al. 2017, §3.5) *adds* the sines and cosines of the angles to the embedding;
- **rotary** (Su et al. 2021, "RoFormer", §3.2) *turns* each pair of query and key numbers by the angle, so that
  the product q·k depends on the distance between the two tokens alone.

The third kind, learned positions (GPT-2, BERT), is a second embedding table: see `embedding.py`.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["angles", "rotary_rotation", "rotate", "sinusoidal_encoding"]


def angles(positions: Tensor, pairs: int, base: float = 10_000.0) -> Tensor:
    """Angle of every pair of dimensions at every position, in radians: position / base^(pair / pairs).

    The first pair turns fastest (one radian a token), the last slowest (1/base of it, nearly).

    Args:
        positions: Integer positions, any shape (…).
        pairs: Number of pairs of dimensions, D/2 or d/2.
        base: How much slower the slowest pair turns; 10,000 in both papers.

    Returns:
        Angles (…, pairs), float32.

    Raises:
        ValueError: `positions` is no tensor.
    """
    if not isinstance(positions, Tensor):
        raise ValueError(f"positions must be a tensor of integers such as torch.arange(T), got {positions!r}")
    frequencies = base ** (-torch.arange(pairs, device=positions.device, dtype=torch.float32) / pairs)
    return positions[..., None].float() * frequencies  # (…, pairs)


def sinusoidal_encoding(positions: Tensor, width: int, base: float = 10_000.0) -> Tensor:
    """Sinusoidal encoding (Vaswani et al. 2017, §3.5): sine in the even dimensions, cosine in the odd ones.

    PE(p, 2i) = sin(p / base^(2i/D)),  PE(p, 2i+1) = cos(p / base^(2i/D))

    Args:
        positions: Integer positions (…), e.g. ``torch.arange(T)``.
        width: Model width D, even.
        base: See `angles`.

    Returns:
        The encoding (…, D), to be added to the embeddings.

    Raises:
        ValueError: `width` is odd.
    """
    if width % 2:
        raise ValueError(f"sinusoidal positions come in pairs (sine, cosine): width must be even, got {width}")
    angle = angles(positions, width // 2, base)  # (…, D/2)
    return torch.stack((angle.sin(), angle.cos()), dim=-1).flatten(-2)  # (…, D/2, 2) -> (…, D)


def rotary_rotation(positions: Tensor, head_width: int, base: float = 10_000.0) -> Tensor:
    """The rotations of rotary encoding as complex numbers e^(i·angle).

    Args:
        positions: Integer positions (B, T), or (T,) when all sequences share them.
        head_width: Width d of one head, even.
        base: See `angles`.

    Returns:
        Unit complex numbers (B, 1, T, d/2) or (1, T, d/2): ready to be multiplied with all heads of q or k.

    Raises:
        ValueError: `head_width` is odd.
    """
    if head_width % 2:
        raise ValueError(f"rotary positions turn pairs of numbers: head_width must be even, got {head_width}")
    angle = angles(positions, head_width // 2, base)  # (…, T, d/2)
    return torch.polar(torch.ones_like(angle), angle).unsqueeze(-3)


def rotate(x: Tensor, rotation: Tensor) -> Tensor:
    """Turn each pair (x₀, x₁), (x₂, x₃), … by its angle (Su et al. 2021, eq. 13), read as one complex number.

    Pairs lie side by side, as in the paper. Hugging Face's Llama keeps the first members of all pairs in one
    half and the second in the other; `hugging_face_weights.py` reorders such weights once, when it reads them.

    Args:
        x: Queries or keys (B, H, T, d).
        rotation: From `rotary_rotation`.

    Returns:
        The rotated tensor, shape and dtype of `x`.

    Raises:
        ValueError: The rotation was made for another head width.
    """
    if x.shape[-1] != 2 * rotation.shape[-1]:
        raise ValueError(
            f"x has heads of width {x.shape[-1]} (last axis), the rotation turns {2 * rotation.shape[-1]}; make it by "
            f"rotary_rotation(positions, {x.shape[-1]})"
        )
    precise = x if x.dtype == torch.float64 else x.float()  # there are no complex numbers of half precision
    pairs = torch.view_as_complex(precise.unflatten(-1, (-1, 2)))  # (B, H, T, d/2), complex
    return torch.view_as_real(pairs * rotation).flatten(-2).type_as(x)
