"""Language models: a GPT from the embedding up, its training and sampling, and a real pretrained model.

Read in this order: `positional_encoding`, `attention`, `feed_forward`, `transformer_block`, `gpt`; then `objectives`
and `training`; `generation` and `kv_cache`; `activations` to look inside; `pretrained` for a real model.
"""

from .activations import Probe, Trace, ablate_heads, compose, logit_lens, patch
from .attention import MultiHeadAttention, attention, attention_scores, causal_mask
from .generation import Generated, generate, stream
from .gpt import GPT, GPTConfig
from .kv_cache import KVCache
from .language_model import Generation, LanguageModel
from .positional_encoding import rotary_rotation, rotate, sinusoidal_encoding
from .pretrained import load_pretrained, pull
from .sampling import Sampling, next_token_distribution
from .transformer_block import TransformerBlock

__all__ = [
    "GPT",
    "GPTConfig",
    "Generated",
    "Generation",
    "KVCache",
    "LanguageModel",
    "MultiHeadAttention",
    "Probe",
    "Sampling",
    "Trace",
    "TransformerBlock",
    "ablate_heads",
    "attention",
    "attention_scores",
    "causal_mask",
    "compose",
    "generate",
    "load_pretrained",
    "logit_lens",
    "next_token_distribution",
    "patch",
    "pull",
    "rotary_rotation",
    "rotate",
    "sinusoidal_encoding",
    "stream",
]
