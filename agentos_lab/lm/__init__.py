"""Language models: a GPT from the embedding up, its training and sampling, and a real pretrained model.

Read in this order: `positional_encoding`, `attention`, `feed_forward`, `transformer_block`, `gpt`; then `objectives`
and `training`; `generation` and `kv_cache`; `activations` to look inside; `pretrained` for a real model.
"""

from .activations import Probe, Trace, ablate_heads, compose, logit_lens, patch
from .attention import MultiHeadAttention, attention, attention_scores, causal_mask
from .gpt import GPT, GPTConfig
from .kv_cache import KVCache
from .positional_encoding import rotary_rotation, rotate, sinusoidal_encoding
from .transformer_block import TransformerBlock

__all__ = [
    "GPT",
    "GPTConfig",
    "KVCache",
    "MultiHeadAttention",
    "Probe",
    "Trace",
    "TransformerBlock",
    "ablate_heads",
    "attention",
    "attention_scores",
    "causal_mask",
    "compose",
    "logit_lens",
    "patch",
    "rotary_rotation",
    "rotate",
    "sinusoidal_encoding",
]
