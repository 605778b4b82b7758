"""Laws are recovered from runs that obey them, errors cover the truth, and real runs give a sensible table."""

import math

import pytest
import torch
from scaling_runs import PUBLISHED, runs_of
from small_models import FAMILIES

from agentos_lab.lm import GPTConfig
from agentos_lab.lm.flops import count_flops, count_parameters
from agentos_lab.lm.scaling import ScalingRun, ScalingRuns, run_scaling
from agentos_lab.lm.scaling_law import ScalingLaw, fit_scaling_law


def test_the_published_law_predicts_chinchillas_loss():
    # Chinchilla: 70 billion parameters, 1.4 trillion tokens.
    assert PUBLISHED.predict(70e9, 1.4e12) == pytest.approx(1.69 + 0.083 + 0.163, abs=1e-3)


def test_the_published_law_is_recovered_from_runs_that_obey_it():
    law = fit_scaling_law(*runs_of(PUBLISHED))
    for name, value in PUBLISHED.constants.items():
        assert law.constants[name] == pytest.approx(value, rel=1e-3), name
    assert law.misfit < 1e-6


def test_a_law_of_the_size_alone_is_recovered():
    truth = ScalingLaw(E=2.1, A=30.0, alpha=0.41)
    sizes = [1e4, 3e4, 1e5, 3e5, 1e6]
    law = fit_scaling_law(sizes, [truth.predict(n) for n in sizes])
    assert law.constants == pytest.approx(truth.constants, rel=1e-4) and law.B is None
    assert law.predict(1e9) == pytest.approx(truth.predict(1e9), rel=1e-4)


def test_a_pure_power_law_rests_on_the_bound_and_says_so():
    sizes = [1e4, 3e4, 1e5, 3e5, 1e6, 3e6]  # bends down faster than a power law: the best E would be negative
    law = fit_scaling_law(sizes, [8 * n**-0.1 - 0.3 for n in sizes])
    assert law.E == 0.0 and math.isnan(law.std_errors["E"]) and "leave its error open" in str(law)
    assert law.std_errors["alpha"] > 0


def test_as_many_runs_as_constants_fit_exactly_and_leave_the_errors_open():
    law = fit_scaling_law([1e3, 1e4, 1e5], [4.0, 3.0, 2.5])
    assert law.misfit < 1e-6 and all(math.isnan(error) for error in law.std_errors.values())


@pytest.mark.parametrize("flops", [1e19, 5.76e23])
def test_the_optimum_of_a_budget_is_that_of_trying_all_splits(flops):
    sizes = torch.logspace(6, 14, 4001, dtype=torch.float64).tolist()
    best = min(sizes, key=lambda n: PUBLISHED.predict(n, flops / 6 / n))
    parameters, tokens = PUBLISHED.compute_optimal(flops)
    assert parameters == pytest.approx(best, rel=0.01) and 6 * parameters * tokens == pytest.approx(flops)


@pytest.mark.parametrize(
    "ask", [lambda law: law.predict(0), lambda law: law.predict(1e6, -1), lambda law: law.compute_optimal(0)]
)
def test_a_law_is_asked_about_positive_numbers_only(ask):
    with pytest.raises(ValueError, match="must be positive"):
        ask(ScalingLaw.chinchilla())


def test_a_law_without_text_cannot_split_a_budget():
    with pytest.raises(ValueError, match="size alone"):
        ScalingLaw(E=1.0, A=1.0, alpha=0.5).compute_optimal(1e18)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1e3, 1e4], [3.0, 2.0]), "at least 3 runs with 3 different parameters, got 2 runs with 2"),
        (([1e3] * 5, [3.0] * 5, [1, 2, 3, 4, 5]), "3 different parameters, got 5 runs with 1"),
        (([1, 2, 3, 4, 5], [3.0] * 5, [1] * 5), "3 different tokens"),
        (([1, 2, 3], [3.0, 2.0]), "2 losses need as many parameters, got 3"),
        (([1, 2, -3], [3.0, 2.0, 1.0]), "must be positive"),
        (([1, 2, 3], [3.0, 2.0, math.nan]), "must be positive"),
    ],
)
def test_runs_that_determine_nothing_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        fit_scaling_law(*arguments)


def test_real_runs_improve_with_size_and_give_their_costs():
    tokens = (torch.arange(6000) ** 2 // 7) % 13
    sizes = [GPTConfig(13, width=width, layers=1, heads=2, context=16) for width in (4, 8, 16)]
    runs = run_scaling(sizes, tokens, steps=60, batch_size=8, lr=1e-2, evaluate_windows=16, progress=False)
    assert [run.parameters for run in runs] == [count_parameters(config).without_embedding for config in sizes]
    assert all(run.tokens == 60 * 8 * 16 for run in runs)
    assert runs.runs[1].flops == 60 * count_flops(sizes[1], 8, 16).training
    assert runs.runs[2].loss < runs.runs[0].loss
    assert len(str(runs).splitlines()) == 4 and len(runs) == 3
    assert runs.fit().runs == tuple((run.parameters, None, run.loss) for run in runs)


def test_several_amounts_of_text_make_a_grid_of_runs():
    runs = run_scaling([FAMILIES["gpt2"]], [1, 2, 3] * 60, steps=(1, 2), batch_size=2, context=8, progress=False)
    assert [run.tokens for run in runs] == [16, 32]
    with pytest.raises(ValueError, match="needs a validation text"):
        run_scaling([FAMILIES["gpt2"]], [1, 2, 3] * 60, steps=1, validation=0.0, progress=False)


def test_an_experiment_needs_models():
    with pytest.raises(ValueError, match="at least one GPTConfig"):
        run_scaling([], range(10))


def test_runs_and_laws_plot_and_print():
    law = fit_scaling_law(*runs_of(PUBLISHED, noise=0.003))
    assert (
        str(law).splitlines()[0].startswith("L(N, D) = E + A/N^alpha + B/D^beta, nats/token, from 25 runs, misfit 0.")
    )
    assert len(str(law).splitlines()) == 6 and "95 %" in str(law)
    axes = law.plot().axes[0]
    assert len(axes.lines) == 10 and axes.get_xscale() == axes.get_yscale() == "log"
    assert PUBLISHED.plot(ax=axes) is axes.get_figure() and str(PUBLISHED).endswith("beta = 0.28")
    runs = ScalingRuns((ScalingRun(10, 5, 1, 3.0), ScalingRun(10, 9, 2, 2.5), ScalingRun(30, 5, 3, 2.0)))
    lines = runs.plot().axes[0].lines
    assert [line.get_label() for line in lines] == ["10 parameters", "30 parameters"]
    assert list(lines[0].get_ydata()) == [3.0, 2.5]
