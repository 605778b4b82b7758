"""The cache: the same results as without it, however the text is cut, batched, rewound or restored."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from small_models import FAMILIES, loud, text

from agentos_lab.lm import GPT

families = st.sampled_from(list(FAMILIES))
MODELS = {name: loud(config) for name, config in FAMILIES.items()}


@given(families, st.lists(st.integers(1, 7), min_size=1, max_size=6), st.booleans(), st.integers(0, 99))
def test_reading_in_pieces_equals_reading_at_once(family, pieces, fixed_shape, seed):
    model, tokens = MODELS[family], text(2, min(sum(pieces), 24), seed)
    cache = model.new_cache(2, fixed_shape=fixed_shape)
    with torch.no_grad():
        parts = [model(part, cache=cache) for part in tokens.split(pieces[0], dim=1)]
        torch.testing.assert_close(torch.cat(parts, dim=1), model(tokens), atol=1e-5, rtol=1e-5)


@given(families, st.integers(1, 10), st.integers(1, 10), st.integers(1, 6), st.booleans())
def test_rows_of_different_length_do_not_disturb_each_other(family, first, second, more, fixed_shape):
    model, tokens = MODELS[family], text(2, 20)
    cache = model.new_cache(2, fixed_shape=fixed_shape)
    with torch.no_grad():
        model(tokens[:, : max(first, second)], cache=cache)  # padded on the right with what is there
        cache.rewind([first, second])
        following = torch.stack((tokens[0, first : first + more], tokens[1, second : second + more]))
        out = model(following, cache=cache)
        for row, start in enumerate((first, second)):
            alone = model(tokens[row : row + 1, : start + more])[0, start:]
            torch.testing.assert_close(out[row], alone, atol=1e-5, rtol=1e-5)
        assert cache.lengths == [first + more, second + more]


def test_rewinding_forgets_and_another_road_can_be_taken():
    model, tokens = MODELS["llama"], text(1, 12)
    cache = model.new_cache()
    with torch.no_grad():
        model(tokens, cache=cache)
        cache.rewind(5)
        other = text(1, 4, seed=9)
        expected = model(torch.cat((tokens[:, :5], other), dim=1))[:, 5:]
        torch.testing.assert_close(model(other, cache=cache), expected, atol=1e-5, rtol=1e-5)


def test_a_snapshot_restored_in_another_row_continues_bit_for_bit():
    model, tokens = MODELS["llama"], text(1, 12)
    cache = model.new_cache(3, fixed_shape=True)
    with torch.no_grad():
        model(tokens[:, :8].expand(3, -1), cache=cache)
        snapshot = cache.snapshot(0)
        model(text(3, 4, seed=3), cache=cache)
        cache.restore(1, snapshot)
        assert snapshot.length == 8 and cache.lengths == [12, 8, 12]
        assert torch.equal(cache.snapshot(1).keys, snapshot.keys)
        assert torch.equal(cache.snapshot(1).values, snapshot.values)
        assert snapshot.nbytes == 2 * snapshot.keys.numel() * 4


def test_select_copies_rows_as_a_beam_search_needs_them():
    model, tokens = MODELS["gpt2"], text(2, 6)
    cache = model.new_cache(2)
    with torch.no_grad():
        model(tokens, cache=cache)
        cache.select([1, 1])
        out = model(text(2, 2, seed=4), cache=cache)
        alone = model(torch.cat((tokens[1:].expand(2, -1), text(2, 2, seed=4)), dim=1))[:, 6:]
    torch.testing.assert_close(out, alone, atol=1e-5, rtol=1e-5)


def test_an_interrupted_pass_leaves_the_cache_as_it_was():
    model = loud(FAMILIES["gpt2"])
    cache = model.new_cache()
    with torch.no_grad():
        model(text(1, 4), cache=cache)

        def interrupt(name, layer, tensor):
            if (name, layer) == ("attention.q", 1):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            model(text(1, 1, seed=1), cache=cache, probe=interrupt)
        assert cache.lengths == [4]
        again = model(text(1, 3, seed=2), cache=cache)
        expected = model(torch.cat((text(1, 4), text(1, 3, seed=2)), dim=1))[:, 4:]
    torch.testing.assert_close(again, expected, atol=1e-5, rtol=1e-5)


def test_bad_uses_are_refused_with_the_numbers():
    model = GPT(FAMILIES["gpt2"], seed=0)
    cache = model.new_cache(1, capacity=6)
    model(text(1, 4), cache=cache)
    with pytest.raises(ValueError, match="4 tokens are in it, 3 more do not fit its 6 cells"):
        model(text(1, 3), cache=cache)
    with pytest.raises(ValueError, match="row 0 holds 4 tokens and cannot be rewound to 5"):
        cache.rewind(5)
    with pytest.raises(ValueError, match="has 1 rows, 2 lengths"):
        cache.rewind([1, 2])
    with pytest.raises(ValueError, match="has 1 rows, the tokens 2"):
        model(text(2, 1), cache=cache)
    with pytest.raises(ValueError, match="pad on the right"):
        model(text(1, 1), cache=cache, causal=False)
    with pytest.raises(ValueError, match="between 1 and the model's context of 24"):
        model.new_cache(1, capacity=25)
    for other in (GPT(FAMILIES["llama"], seed=0), GPT(FAMILIES["gpt2"].replace(layers=1), seed=0)):
        with pytest.raises(ValueError, match=r"not made for this model; model\.new_cache\(\)"):
            model(text(1, 1), cache=other.new_cache(1))
    with pytest.raises(ValueError, match="at least one row, got batch 0"):
        model.new_cache(0)
    with pytest.raises(ValueError, match="does not fit a cache of 3 cells"):
        model.new_cache(1, capacity=3).restore(0, cache.snapshot(0))


def test_caches_and_snapshots_print_their_sizes_and_not_their_numbers():
    model = GPT(FAMILIES["gpt2"], seed=0)
    cache = model.new_cache(2, capacity=6)
    model(text(2, 4), cache=cache)
    assert repr(cache) == "KVCache(2 rows of 6 cells, in use: [4, 4])"
    assert repr(cache.snapshot(0)) == "keys and values of 4 tokens (0.0 MB)"
