"""Language models: a GPT from the embedding up, its training and sampling, and a real pretrained model.

Read in this order: `positional_encoding`, `attention`, `feed_forward`, `transformer_block`, `gpt` (its choices are in
`gpt_config`); then `objectives` and `training`; `generation` and `kv_cache`; `activations` to look inside;
`pretrained` for a real model.
"""

from .activations import Probe, Trace, ablate_heads, compose, logit_lens, patch
from .adapters import add_adapters, load_adapters, merge_adapters, remove_adapters, save_adapters
from .attention import MultiHeadAttention, attention, attention_scores, causal_mask
from .beam_search import Beam, beam_search
from .byte_pair_encoding import BytePairTokenizer
from .checkpoint import load_checkpoint, save_checkpoint
from .constraint import Constraint, choices, json_schema, regex
from .decoding import Generated
from .flops import count_flops, count_parameters
from .generation import generate, score, stream
from .gpt import GPT
from .gpt_config import GPTConfig
from .kv_cache import KVCache
from .language_model import Generation, LanguageModel, Scores
from .objectives import bits_per_byte, corrupt, masked_language_loss, next_token_loss, perplexity
from .positional_encoding import rotary_rotation, rotate, sinusoidal_encoding
from .pretrained import load_pretrained, pull
from .pretrained_tokenizer import PretrainedTokenizer
from .same_bits import SameBits
from .sampling import Sampling, next_token_distribution
from .scaling import ScalingRuns, run_scaling
from .scaling_law import ScalingLaw, fit_scaling_law
from .schedule import warmup_cosine
from .sequence_snapshot import SequenceSnapshot, load_snapshot, save_snapshot
from .serving import ContinuousBatch
from .tokenizer import CharTokenizer, Tokenizer, load_tokenizer
from .training import Trainer, train, training_steps
from .training_result import TrainingRecord, TrainResult, TrainSettings
from .transformer_block import TransformerBlock

__all__ = [
    "GPT",
    "Beam",
    "BytePairTokenizer",
    "CharTokenizer",
    "Constraint",
    "ContinuousBatch",
    "GPTConfig",
    "Generated",
    "Generation",
    "KVCache",
    "LanguageModel",
    "MultiHeadAttention",
    "PretrainedTokenizer",
    "Probe",
    "SameBits",
    "Sampling",
    "ScalingLaw",
    "ScalingRuns",
    "Scores",
    "SequenceSnapshot",
    "Tokenizer",
    "Trace",
    "TrainResult",
    "TrainSettings",
    "Trainer",
    "TrainingRecord",
    "TransformerBlock",
    "ablate_heads",
    "add_adapters",
    "attention",
    "attention_scores",
    "beam_search",
    "bits_per_byte",
    "causal_mask",
    "choices",
    "compose",
    "corrupt",
    "count_flops",
    "count_parameters",
    "fit_scaling_law",
    "generate",
    "json_schema",
    "load_adapters",
    "load_checkpoint",
    "load_pretrained",
    "load_snapshot",
    "load_tokenizer",
    "logit_lens",
    "masked_language_loss",
    "merge_adapters",
    "next_token_distribution",
    "next_token_loss",
    "patch",
    "perplexity",
    "pull",
    "regex",
    "remove_adapters",
    "rotary_rotation",
    "rotate",
    "run_scaling",
    "save_adapters",
    "save_checkpoint",
    "save_snapshot",
    "score",
    "sinusoidal_encoding",
    "stream",
    "train",
    "training_steps",
    "warmup_cosine",
]
