"""Training: the loop against a plain one written here, and the laws of its settings."""

import math

import pytest
import torch
from small_models import FAMILIES, text

from agentos_lab.lm import GPT, CharTokenizer, GPTConfig, LanguageModel
from agentos_lab.lm.objectives import IGNORED, next_token_loss
from agentos_lab.lm.training import Trainer, train, training_steps
from agentos_lab.lm.training_result import TrainResult, TrainSettings

CONFIG = GPTConfig(31, width=32, layers=2, context=24)
TOKENS = torch.randint(31, (2000,), generator=torch.Generator().manual_seed(0)).sort().values  # easy to learn
QUICK = {"steps": 6, "batch_size": 4, "context": 12, "evaluate_every": 3, "evaluate_windows": 4, "progress": False}


def state_of(model):
    return torch.cat([parameter.detach().flatten() for parameter in model.parameters()])


# --- what is learnt ----------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_digits_and_another_seed_others():
    def losses(seed, model_seed=0):
        return train(GPT(CONFIG, seed=model_seed), TOKENS, seed=seed, **QUICK).losses

    assert losses(1) == losses(1) != losses(2)


# --- the step ----------------------------------------------------------------------------------------------


def test_a_step_is_that_of_a_plain_loop_with_torchs_adamw():
    settings = TrainSettings(
        steps=5, batch_size=4, context=12, lr=1e-2, min_lr=1e-3, warmup=2, clip=0.5, evaluate_every=0
    )
    model, plain = GPT(CONFIG, seed=0), GPT(CONFIG, seed=0)
    trainer = Trainer(model, TOKENS, settings, validation=0.0)
    generator = torch.Generator().manual_seed(0)
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in plain.parameters() if p.dim() > 1], "weight_decay": 0.1},
            {"params": [p for p in plain.parameters() if p.dim() == 1], "weight_decay": 0.0},
        ],
        betas=(0.9, 0.99),
    )
    rates = [1e-2 / 3, 2e-2 / 3, 1e-2, (1e-2 + 1e-3) / 2, 1e-3]
    for record, rate in zip(trainer, rates, strict=True):
        starts = torch.randint(len(TOKENS) - 12, (4,), generator=generator).tolist()
        windows = torch.stack([TOKENS[start : start + 13] for start in starts])
        loss = next_token_loss(plain(windows[:, :-1]), windows)
        optimizer.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(plain.parameters(), 0.5)
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
        assert record.loss == pytest.approx(loss.item(), rel=1e-5)
        assert record.grad_norm == pytest.approx(norm.item(), rel=1e-4)
        assert record.lr == pytest.approx(rate)
        assert record.tokens == record.step * 4 * 12
        # The state of the generator agrees after each step: nothing else was drawn.
        assert torch.equal(trainer.generator.get_state(), generator.get_state())
    torch.testing.assert_close(state_of(model), state_of(plain), atol=2e-5, rtol=1e-4)


@pytest.mark.parametrize("objective", ["next_token", "masked"])
@pytest.mark.parametrize("pieces", [2, 3, 4])
def test_accumulating_pieces_gives_the_result_of_the_large_batch(objective, pieces):
    settings = {**QUICK, "objective": objective, "mask_id": 30}
    whole, parts = (GPT(CONFIG.replace(causal=objective == "next_token"), seed=0) for _ in range(2))
    expected = train(whole, TOKENS % 30, **settings)
    found = train(parts, TOKENS % 30, accumulate=pieces, **settings)
    assert found.losses == pytest.approx(expected.losses, rel=1e-5)
    torch.testing.assert_close(state_of(parts), state_of(whole), atol=1e-4, rtol=1e-3)


def test_only_matrices_decay():
    model = GPT(CONFIG, seed=0)
    trainer = Trainer(model, TOKENS, TrainSettings(weight_decay=0.3))
    decays = {id(p): group["weight_decay"] for group in trainer.optimizer.param_groups for p in group["params"]}
    assert len(decays) == len(list(model.parameters()))
    assert all(decays[id(p)] == (0.3 if p.dim() > 1 else 0.0) for p in model.parameters())


def test_frozen_parameters_stay():
    model = GPT(CONFIG, seed=0)
    model.embedding.requires_grad_(False)
    before = model.embedding.token.weight.clone()
    train(model, TOKENS, **QUICK)
    assert torch.equal(model.embedding.token.weight, before)
    model.requires_grad_(False)
    with pytest.raises(ValueError, match="nothing to train"):
        train(model, TOKENS, **QUICK)


def test_dropout_follows_the_seed_and_leaves_the_global_generator_alone():
    config = CONFIG.replace(dropout=0.3)
    state = torch.get_rng_state()
    first, second = (train(GPT(config, seed=0), TOKENS, **QUICK) for _ in range(2))
    assert torch.equal(torch.get_rng_state(), state)
    assert first.losses == second.losses != train(GPT(CONFIG, seed=0), TOKENS, **QUICK).losses
    assert first.validation_losses == second.validation_losses


def test_bfloat16_learns_the_same_thing_less_exactly():
    plain, mixed = (train(GPT(CONFIG, seed=0), TOKENS, autocast=choice, **QUICK) for choice in (False, True))
    assert mixed.losses == pytest.approx(plain.losses, rel=0.02) and mixed.losses != plain.losses
    automatic = train(GPT(CONFIG, seed=0), TOKENS, autocast="auto", **QUICK)
    assert automatic.losses == (mixed if automatic.settings.autocast else plain).losses


# --- examinations ------------------------------------------------------------------------------------------


def test_evaluation_is_the_loss_on_the_last_part_of_the_text():
    model = GPT(CONFIG, seed=0)
    trainer = Trainer(model, TOKENS, TrainSettings(context=12, evaluate_windows=999), validation=0.065)
    held_out = TOKENS[-130:]  # ten windows of 13 tokens, end to end
    expected = next_token_loss(model(held_out.view(10, 13)[:, :-1]), held_out.view(10, 13))
    assert trainer.evaluate() == pytest.approx(expected.item(), rel=1e-5)
    assert len(trainer.tokens) == 1870 and torch.equal(trainer.validation, held_out)


def test_evaluations_and_samples_come_when_due_and_after_the_last_step():
    seen = []
    trainer = Trainer(
        GPT(CONFIG, seed=0), TOKENS, TrainSettings(steps=7, evaluate_every=3, context=12),
        sample=lambda model: seen.append(model.training) or f"sample {len(seen)}",
    )  # fmt: skip
    records = list(trainer)
    assert [record.step for record in records if record.evaluation is not None] == [3, 6, 7]
    assert [record.sample for record in records] == [None, None, "sample 1", None, None, "sample 2", "sample 3"]
    assert seen == [False] * 3  # in evaluation mode
    assert trainer.result().samples == {3: "sample 1", 6: "sample 2", 7: "sample 3"}


def test_evaluation_changes_neither_the_data_order_nor_the_losses():
    rarely, often, never = (
        train(GPT(CONFIG, seed=0), TOKENS, **{**QUICK, "evaluate_every": every}) for every in (5, 1, 0)
    )
    assert rarely.losses == often.losses == never.losses and not never.validation_losses


# --- driving it by hand ------------------------------------------------------------------------------------


def test_leaving_the_loop_and_coming_back_is_as_if_one_had_stayed():
    trainer = Trainer(GPT(CONFIG, seed=0), TOKENS, TrainSettings(steps=6, context=12))
    for record in trainer:
        if record.step == 2:
            break
    assert len(trainer.records) == 2 and trainer.step().step == 3
    assert repr(trainer) == "Trainer(3 of 6 steps made)"
    rest = list(trainer)
    assert [record.step for record in rest] == [4, 5, 6]
    straight = list(training_steps(GPT(CONFIG, seed=0), TOKENS, steps=6, context=12))
    assert trainer.records == straight


def test_evaluations_can_be_asked_for_when_none_were_planned():
    trainer = Trainer(GPT(CONFIG, seed=0), TOKENS, TrainSettings(evaluate_every=0, context=12))
    assert trainer.step().evaluation is None
    expected = trainer.evaluate()
    assert 2.0 < expected < 4.0
    trainer.change(evaluate_every=1, lr=1e-12)
    assert trainer.step().evaluation == pytest.approx(expected, abs=1e-4)
    assert Trainer(GPT(CONFIG, seed=0), TOKENS, validation=0.0).evaluate() is None


def test_settings_change_under_way():
    trainer = Trainer(GPT(CONFIG, seed=0), TOKENS, TrainSettings(steps=10, context=12, warmup=0, lr=1e-2))
    trainer.step()
    trainer.change(lr=1e-3, steps=3)
    assert trainer.step().lr < 1e-3
    assert [record.step for record in trainer] == [3] and trainer.records[-1].lr == pytest.approx(1e-4)
    trainer.change(steps=5)
    assert len(list(trainer)) == 2
    with pytest.raises(ValueError, match="seed cannot change under way; what can is steps, lr"):
        trainer.change(seed=3)
    with pytest.raises(ValueError, match="lr must be positive"):
        trainer.change(lr=0.0)


def test_an_interrupt_leaves_a_usable_model_and_can_be_continued():
    def stop_at_three(record):
        if record.step == 3:
            raise KeyboardInterrupt

    trainer = Trainer(GPT(CONFIG, seed=0), TOKENS, TrainSettings(steps=6, context=12))
    result = trainer.run(on_record=stop_at_three, progress=False)
    assert result.interrupted and len(result.losses) == 3 and "3 steps (interrupted)" in str(result)
    assert not trainer.model.training and trainer.model(text(1, 5)).isfinite().all()
    assert trainer.run(progress=False).losses == train(GPT(CONFIG, seed=0), TOKENS, steps=6, context=12).losses


def test_an_interrupt_in_the_middle_of_a_step_loses_no_batch(monkeypatch):
    trainer = Trainer(GPT(CONFIG, seed=0), TOKENS, TrainSettings(steps=6, context=12))
    forward, calls = trainer.forward, []

    def interrupted_once(tokens):
        calls.append(tokens)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return forward(tokens)

    trainer.forward = interrupted_once
    assert trainer.run(progress=False).interrupted
    assert trainer.run(progress=False).losses == train(GPT(CONFIG, seed=0), TOKENS, steps=6, context=12).losses


def test_an_interrupt_in_an_examination_does_not_unmake_the_step(monkeypatch):
    trainer = Trainer(GPT(CONFIG, seed=0), TOKENS, TrainSettings(steps=4, context=12, evaluate_every=2))
    evaluate, calls = trainer.evaluate, []

    def interrupted_once():
        calls.append(None)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return evaluate()

    monkeypatch.setattr(trainer, "evaluate", interrupted_once)
    assert trainer.run(progress=False).interrupted and len(trainer.records) == 2
    straight = train(GPT(CONFIG, seed=0), TOKENS, steps=4, context=12, evaluate_every=2)
    finished = trainer.run(progress=False)
    assert finished.losses == straight.losses
    assert finished.validation_losses == {4: straight.validation_losses[4]}


# --- telling -----------------------------------------------------------------------------------------------


def test_the_result_prints_itself_and_plots():
    result = train(GPT(CONFIG, seed=0), TOKENS, **QUICK)
    first, last, examined = result.losses[0], result.losses[-1], result.validation_losses
    assert str(result).splitlines() == [
        "6 steps, 288 tokens",
        f"training loss {first:.4f} → {last:.4f} nats/token (ln V = 3.4340)",
        f"validation loss {examined[6]:.4f} nats/token, best {min(examined.values()):.4f}",
    ]
    axes = result.plot().axes[0]
    assert [line.get_label() for line in axes.lines] == ["training", "validation", "knowing nothing: ln V"]
    assert list(axes.lines[0].get_ydata()) == list(result.losses) and "nats/token" in axes.get_ylabel()
    assert str(result.records[2]).startswith("step 3: loss ")
    assert result.plot(ax=axes) is axes.get_figure()
    assert "no step" in str(TrainResult((), result.settings, 31))


def test_a_diverging_run_says_so():
    with torch.no_grad():
        model = GPT(CONFIG, seed=0)
        model.blocks[0].feed_forward.up.weight.fill_(torch.nan)
    assert "try a smaller lr" in str(train(model, TOKENS, **QUICK))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"steps": 0}, "steps must be a positive whole number, got 0"),
        ({"batch_size": 2.5}, "batch_size must be a positive whole number"),
        ({"lr": -1.0}, "lr must be positive"),
        ({"min_lr": 1.0}, "min_lr must lie between 0 and lr"),
        ({"clip": 0.0}, "clip is the longest gradient"),
        ({"accumulate": 9, "batch_size": 8}, "8 windows cannot be computed in 9 pieces"),
        ({"objective": "masked"}, "give its id as mask_id"),
        ({"objective": "denoise"}, "objective must be 'next_token' or 'masked'"),
        ({"autocast": "yes"}, "autocast must be True, False or 'auto'"),
        ({"context": 25}, "context must lie between 1 and the model's 24, got 25"),
        ({"context": 0}, "got 0"),
        ({"warmup": -1}, "warmup must not be negative"),
        ({"validation": 0.999}, "2 tokens holds no window of 25"),
    ],
)
def test_settings_that_make_no_sense_are_refused_before_the_first_step(settings, message):
    with pytest.raises(ValueError, match=message):
        train(GPT(CONFIG, seed=0), TOKENS, **{"progress": False, **settings})


def test_a_language_model_is_told_from_the_model_in_it():
    with pytest.raises(ValueError, match=r"expected a GPT, got LanguageModel; .* lm\.model"):
        train(LanguageModel(GPT(CONFIG, seed=0), CharTokenizer("ab")), TOKENS)


@pytest.mark.parametrize(
    ("causal", "objective", "message"),
    [(False, "next_token", "the next token is before its eyes"), (True, "masked", "only what stands before")],
)
def test_an_objective_that_does_not_suit_the_model_is_warned_of(causal, objective, message):
    model = GPT(CONFIG.replace(causal=causal), seed=0)
    with pytest.warns(UserWarning, match=message):
        Trainer(model, TOKENS, TrainSettings(objective=objective, mask_id=30))


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_trains(family):
    result = train(GPT(FAMILIES[family], seed=0), TOKENS, **{**QUICK, "steps": 30, "lr": 3e-3})
    assert result.losses[-1] < result.losses[0] - 0.3


def test_hidden_tokens_count_as_guesses_and_others_do_not():
    trainer = Trainer(
        GPT(CONFIG.replace(causal=False), seed=0), TOKENS % 30,
        TrainSettings(objective="masked", mask_id=30, context=20),
    )  # fmt: skip
    batch = trainer.evaluation_batch
    assert batch.inputs.shape == batch.answers.shape == (10, 20)
    assert batch.guesses == int((batch.answers != IGNORED).sum()) > 0


def test_an_examination_that_asks_nothing_is_refused_before_the_first_step():
    settings = TrainSettings(objective="masked", mask_id=30, mask_rate=1e-9)
    with pytest.raises(ValueError, match="none of the 192 tokens of the validation text is hidden"):
        Trainer(GPT(CONFIG.replace(causal=False), seed=0), TOKENS % 30, settings)


def test_a_batch_in_which_nothing_is_hidden_has_no_loss_and_teaches_nothing():
    model = GPT(CONFIG.replace(causal=False), seed=0)
    before = state_of(model)
    settings = TrainSettings(
        objective="masked", mask_id=30, mask_rate=1e-9, context=8, evaluate_every=0, weight_decay=0.0
    )
    record = Trainer(model, TOKENS % 30, settings).step()
    assert math.isnan(record.loss) and torch.equal(state_of(model), before)
