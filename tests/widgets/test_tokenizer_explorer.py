"""TokenizerExplorer in Python: what can be observed, what is refused, the static picture."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
import traitlets

from agentos_lab.lm.byte_pair_encoding import BytePairTokenizer
from agentos_lab.lm.tokenizer import CharTokenizer
from widgets import TokenizerExplorer

STORY = "the cat sat on the mat, then the cat sat on the hat. " * 3
PAIRS = BytePairTokenizer.train(STORY, 300)
LETTERS = CharTokenizer.from_text(STORY)


def texts(svg):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_its_name_says_what_the_text_becomes():
    assert repr(TokenizerExplorer(PAIRS, "the cat")).startswith("TokenizerExplorer: 7 characters become 2 tokens")


def test_tokens_can_be_observed_while_the_text_changes():
    view, heard = TokenizerExplorer(PAIRS, "the cat"), []
    view.observe(lambda change: heard.append(change.new), "tokens")
    view.text = "the hat"
    assert heard == [PAIRS.encode("the hat")] == [view.tokens]
    view.text = ""
    assert view.tokens == []


def test_two_tokenizers_are_compared_by_name():
    view = TokenizerExplorer({"pairs": PAIRS, "letters": LETTERS}, "the cat")
    assert (view.name, view.against) == ("pairs", "letters")
    assert {"pairs", "letters"} <= set(texts(view.svg()))
    view.name = "letters"  # compared with itself is not compared
    assert len(view.state["strips"]) == 1 and view.tokens == LETTERS.encode("the cat")


class Dropping(CharTokenizer):
    """Blanks are no tokens, as in WordPiece."""

    def encode_plain(self, text):
        return [token for token in super().encode_plain(text) if self.token_text(token) != " "]


@pytest.mark.parametrize(("text", "count"), [("a cat      ", 4), ("   ", 0), (" a", 1)])
def test_blanks_that_a_tokenizer_drops_leave_the_rest_to_be_seen(text, count):
    dropping = Dropping("act ")
    for tokenizer in (dropping, {"dropping": dropping, "letters": LETTERS}):
        view = TokenizerExplorer(tokenizer, text)
        assert len(view.tokens) == count and f"{count} token" in view.sentence
        assert ElementTree.fromstring(view.svg()).get("width") == "860"
        view.selected = count - 1 if count else None
        assert "From characters to tokens" in texts(view.svg()) or not count


def test_what_is_no_tokenizer_is_refused():
    for wrong in ("the cat", object(), {"one": PAIRS, "two": None}):
        with pytest.raises(ValueError, match=r"expected a tokenizer, got .*lm\.tokenizer"):
            TokenizerExplorer(wrong)


@pytest.mark.parametrize("name", ["selected", "step"])
def test_places_are_counted_from_zero(name):
    with pytest.raises(traitlets.TraitError):
        TokenizerExplorer(PAIRS, "the cat", **{name: -1})


def test_an_unknown_name_is_refused():
    view = TokenizerExplorer({"pairs": PAIRS})
    with pytest.raises(traitlets.TraitError, match="the tokenizers are pairs"):
        view.name = "other"
    with pytest.raises(ValueError, match="empty dict"):
        TokenizerExplorer({})


def test_a_step_changes_sentence_and_picture_and_not_the_tokens():
    view = TokenizerExplorer(PAIRS, "the cat")
    whole = view.svg()
    view.step = 0
    assert repr(view).endswith("every byte is a token: 7 tokens.")
    assert view.tokens == PAIRS.encode("the cat")
    assert {"t", "h", "e"} <= set(texts(view.svg())) and view.svg() != whole
    view.step = 10_000
    assert "Merge" in repr(view) and view.svg()


@pytest.mark.parametrize("text", ["the cat", "नमस्ते 🙂", "e\u0301\n\t x", "x" * 300, "", "x" * 2000, "<&>\x00"])
@pytest.mark.parametrize(
    "tokenizer", [PAIRS, {"pairs": PAIRS, "letters": LETTERS}, {"letters": LETTERS, "pairs": PAIRS}]
)
def test_the_static_picture_is_valid_and_steady_for_any_text(tokenizer, text):
    first, second = (TokenizerExplorer(tokenizer, text).svg() for _ in range(2))
    assert first == second
    root = ElementTree.fromstring(first)
    assert float(root.get("height")) < 520 and root.get("width") == "860"


def test_what_does_not_fit_into_the_rows_is_counted():
    view = TokenizerExplorer(PAIRS, "the quick brown fox " * 20)
    note = next(text for text in texts(view.svg()) if text.endswith("more in rows below"))
    chips = [text for text in texts(view.svg()) if text in ("·qu", "q", "u", "·q")]
    assert chips and 0 < int(note.split()[0]) < len(view.tokens)


def test_a_selection_that_no_longer_exists_is_none():
    view = TokenizerExplorer(PAIRS, "the cat sat on the mat", selected=5)
    view.text = "the"
    assert view.svg()
