"""Checks and quiz of notebook 00, the whole system."""

from __future__ import annotations

import math
from typing import Any

from ..checking import exercise
from ..comparison import Problem, compare, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "continuation", "probability_of", "surprise"]

# The model that the notebook asks.
MODEL = "smollm2-135m-instruct"


@exercise(
    "surprise",
    points=1,
    hints=(
        "All 1,000 tokens are equally likely. The course's model with 600 tokens began at 6.4.",
        "The surprise of an event of probability 1/1000 is the natural logarithm of 1000.",
    ),
    right="ln 1000 = 6.91 nats: the surprise of a blind guess grows with the logarithm of the vocabulary.",
)
def surprise(answer: Any) -> Problem | None:
    """The surprise of a blind guess among 1,000 tokens, in nats."""
    told = {
        9.97: "That is the surprise in **bits**, the logarithm to base 2. The curve uses the natural logarithm.",
        3.0: "That is the logarithm to base 10; the curve uses the natural one, `math.log`.",
        0.001: "That is the probability of one token; the surprise is the logarithm of 1 over it.",
        1000: "That is the number of choices; the surprise is its logarithm.",
        -6.91: "That is the logarithm of the probability; the surprise is **minus** that, and never negative.",
    }
    return require_number(answer, 6.9078, told=told, what="the surprise", tolerance=0.002)


@exercise(
    "continuation",
    points=1,
    hints=(
        "Temperature is the amount of chance. Which temperature leaves none?",
        "`temperature=0` always takes the favourite; `max_new_tokens=8` ends the text.",
    ),
    right="Without chance the same question gives the same answer, today and tomorrow.",
)
def continuation(answer: Any) -> Problem | None:
    """The greedy continuation of 'The sun rises in the' by at most eight tokens."""
    tokens = getattr(answer, "tokens", None)
    if tokens is None:
        return Problem("Keep what `lm.generate(…)` returns.", yours=repr(answer))
    if len(tokens) > 8:
        return Problem(f"The text has {len(tokens)} new tokens; 8 are allowed.", yours=str(answer))
    from agentos_lab.lm import load_pretrained

    expected = load_pretrained(MODEL).generate("The sun rises in the", temperature=0, max_new_tokens=8)
    if list(tokens) == list(expected.tokens):
        return None
    if list(tokens) == list(expected.tokens)[: len(tokens)]:
        return Problem(f"There is no chance in it, but it stops after {len(tokens)} tokens: 8 are allowed.")
    return Problem(
        "This text was drawn with some chance: a token that is not the favourite was taken, or the beginning differs.",
        yours=str(answer),
    )


@exercise(
    "probability_of",
    points=2,
    hints=(
        "`lm.logits(text)[-1].softmax(dim=-1)` holds 49,152 probabilities. Which of them is that of `word`?",
        "`lm.tokenizer.encode(word)` gives the word's numbers; take the first, and look it up.",
    ),
    right="With this function you can ask the model about any word, not only about its favourites.",
)
def probability_of(answer: Any) -> Problem | None:
    """A function of a text and a word that gives the probability of the word as the next token."""
    if not callable(answer):
        return Problem("A function of a text and a word was expected.", yours=repr(answer))
    from agentos_lab.lm import load_pretrained

    lm = load_pretrained(MODEL)
    for text, word in (("The capital of France is", " Paris"), ("The cat sat on the", " mat")):
        logits = lm.logits(text)[-1]
        token = lm.tokenizer.encode(word)[0]
        yours, expected = answer(text, word), float(logits.softmax(dim=-1)[token])
        case = f"probability_of({text!r}, {word!r})"
        if isinstance(yours, int | float) and abs(yours - float(logits[token])) < 1e-3:
            return Problem("That is the **score**. A softmax turns scores into probabilities.", case, f"{yours:.4f}")
        if isinstance(yours, int | float) and abs(yours - math.log(expected)) < 1e-3:
            return Problem("That is the logarithm of the probability.", case, f"{yours:.4f}")
        problem = compare(yours, expected, what="the probability", tolerance=1e-3)
        if problem is not None:
            return Problem(problem.message, case, problem.yours, problem.expected)
    return None


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "What does a language model compute when it reads a text?",
        (
            Option("The right answer, from a store of facts", "There is no store to look up; there are only weights."),
            Option(
                "A probability for each token that may come next",
                "Everything else, chats too, is made from this one thing.",
                right=True,
            ),
            Option("The meaning of each word", "What its numbers stand for is a hard question; see notebook 17."),
            Option("The next sentence as a whole", "It chooses token by token, and cannot take one back."),
        ),
    ),
    Question(
        "Why does it say that 12 + 30 is 32?",
        (
            Option("Its arithmetic has a bug.", "There is no arithmetic in it that could have one."),
            Option("The temperature was too high.", "The temperature was 0: 32 was its favourite."),
            Option(
                "It continues the text with what looks likely, and does not add.",
                "A calculator as a tool mends it; a better mood does not.",
                right=True,
            ),
            Option("It was never trained on numbers.", "It has read millions of them, as text."),
        ),
    ),
    Question(
        "What does constrained decoding guarantee?",
        (
            Option(
                "That the answer has the required form", "Tokens that break the form get probability 0.", right=True
            ),
            Option("That the answer is true", "The *search* for a sum had the right form."),
            Option(
                "That the right tool is chosen", "Only the listed tools can be chosen; which one is the model's guess."
            ),
            Option("That the text is short", "Only if the form says so, as `maxLength` did."),
        ),
    ),
    Question(
        "What separates your own model from SmolLM2?",
        (
            Option("Another kind of program", "The same class `GPT` runs both."),
            Option(
                "The numbers inside, how many they are, and the text they were learned from",
                "The recipe is the same; the scale is not.",
                right=True,
            ),
            Option("SmolLM2 knows grammar rules, yours does not.", "Nobody gave rules to either of them."),
            Option("SmolLM2 asks the internet.", "It ran offline, on this computer."),
        ),
    ),
)
