"""Agent OS Lab: how an LLM agent works, from the matrix product to the system call.

The parts, each readable on its own:

- ``agentos_lab.lm``: language models, from the embedding to a real pretrained model;
- ``agentos_lab.datasets``: the data the course uses, each with its licence and checksum;
- ``agentos_lab.teaching``: predictions, checks and quizzes for the notebooks;
- ``agentos_lab.results`` and ``agentos_lab.errors``: how answers and mistakes look everywhere.

Importing this package loads the standard library only; torch and the others load with the part that needs them.
"""

__version__ = "0.1.0"
__all__ = ["__version__"]
