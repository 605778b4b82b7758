import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.rl import TabularMDP, random_walk, td_prediction
from agentos_lab.rl.tabular_prediction import TabularPrediction
from agentos_lab.rl.tabular_result import PredictionRun
from agentos_lab.rl.temporal_difference import n_step_td_steps

FIVE = np.array([0, 1, 2, 3, 4, 5, 0]) / 6  # values of the walk of example 6.2, from its symmetry
NINETEEN = np.array([0.0, *np.linspace(-0.9, 0.9, 19), 0.0])


def rms(run, states=None):
    """Mean over learners of the error after each episode."""
    true = FIVE if run.values.shape[1] == 7 else NINETEEN
    return run.rms_error(true, states).mean(axis=1)


@pytest.mark.parametrize(("alpha", "after_100"), [(0.05, 0.038), (0.1, 0.059), (0.15, 0.074)])
def test_td_learns_the_five_state_walk_as_in_example_6_2(alpha, after_100):
    run = td_prediction(random_walk(5), episodes=100, alpha=alpha, learners=200, initial=0.5)
    assert rms(run)[0] == pytest.approx(0.2357, abs=1e-4)
    assert rms(run)[-20:].mean() == pytest.approx(after_100, abs=0.01)


def by_the_book(states, rewards, terminated, values, alpha, gamma, n):
    """n-step TD for one episode, as in the box of section 7.1, with T and τ; `states` has one more than `rewards`.

    The book has no time limits: where one cut the episode, the last state's value at that moment stands for the rest.
    """
    V, T = dict(enumerate(values)), len(rewards)
    rest = None
    for t in range(T + n - 1):
        if t == T - 1:
            rest = 0.0 if terminated else V[states[T]]
        tau = t - n + 1
        if tau >= 0:
            last = min(tau + n, T)
            G = sum(gamma ** (i - tau) * rewards[i] for i in range(tau, last))
            G += gamma ** (last - tau) * (V[states[last]] if last < T else rest)
            V[states[tau]] += alpha * (G - V[states[tau]])
    return V


@settings(max_examples=25, deadline=None)
@given(n=st.integers(1, 6), seed=st.integers(0, 1000), gamma=st.sampled_from([0.5, 0.9, 1.0]), limit=st.integers(3, 30))
def test_n_step_td_does_what_the_book_says_with_time_limits_too(n, seed, gamma, limit):
    P, R = random_tables(seed)
    mdp = TabularMDP(P, R, terminal=np.arange(6) == 5, start=0, limit=limit)
    learning = TabularPrediction(mdp, None, 4, gamma=gamma, learners=3, seed=seed, initial=0.3)
    expected = [dict(enumerate([0.3] * 5 + [0.0])) for _ in range(3)]
    episodes = [([], [], []) for _ in range(3)]
    for step in n_step_td_steps(learning, 0.5, n):
        for i in np.flatnonzero(step.learning):
            states, rewards, _ = episodes[i]
            states.append(int(step.state[i]))
            rewards.append(float(step.reward[i]))
            if step.done[i]:
                states.append(int(step.next_state[i]))
                values = [expected[i][s] for s in range(6)]
                expected[i] = by_the_book(states, rewards, bool(step.terminated[i]), values, 0.5, gamma, n)
                episodes[i] = ([], [], [])
    for i in range(3):
        assert learning.values[i].tolist() == pytest.approx([expected[i][s] for s in range(6)], abs=1e-12)


def random_tables(seed):
    """A process with six states and two actions."""
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(6), size=(6, 2)), rng.normal(size=(6, 2))


def test_td_lambda_without_memory_is_td_0_to_the_last_bit():
    plain = td_prediction(random_walk(5), episodes=20, alpha=0.1, learners=5, initial=0.5)
    traced = td_prediction(random_walk(5), episodes=20, alpha=0.1, lam=0.0, learners=5, initial=0.5)
    assert np.allclose(plain.kept, traced.kept, atol=1e-12)
    assert np.array_equal(plain.returns, traced.returns)


def test_a_trace_carries_the_last_reward_back_through_the_whole_episode():
    P = np.eye(6, k=1)[:, None]
    P[5, 0, 5] = 1.0
    chain = TabularMDP(P, (np.arange(6) == 4)[:, None] * 1.0, terminal=np.arange(6) == 5, start=0)
    one_step = td_prediction(chain, episodes=1, alpha=0.5)
    traced = td_prediction(chain, episodes=1, alpha=0.5, lam=0.5, gamma=0.8)
    assert one_step.values[0].tolist() == [0, 0, 0, 0, 0.5, 0]
    assert traced.values[0].tolist() == pytest.approx([0.5 * 0.4**k for k in (4, 3, 2, 1, 0)] + [0])


def test_the_same_seed_gives_the_same_run_and_another_seed_another():
    one, same, other = (td_prediction(random_walk(5), episodes=5, learners=3, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.kept, same.kept)
    assert not np.array_equal(one.kept, other.kept)


def test_a_run_prints_and_plots_itself():
    run = td_prediction(random_walk(5), episodes=5, learners=3)
    assert str(run).startswith("TD(0) on random walk of 5 states: 3 learners, 5 episodes each")
    assert "random walk" in run.plot(true_values=FIVE).alt


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"lam": 1.5}, "lam must lie between 0 and 1"),
        ({"n": 0}, "n must be a positive whole number"),
        ({"n": 3, "lam": 0.5}, "not both"),
        ({"gamma": 99}, "gamma must lie between 0 and 1"),
        ({"alpha": -0.1}, "alpha must lie between 0 and 1"),
        ({"episodes": 0}, "episodes must be a positive whole number"),
        ({"initial": [1.0, 2.0]}, "initial must be a number or an array of shape"),
        ({"policy": [[0.5]] * 7}, "sum 1"),
    ],
)
def test_settings_that_make_no_sense_are_refused_by_name(arguments, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        td_prediction(random_walk(5), **arguments)


def test_an_environment_without_numbered_states_is_refused():
    with pytest.raises(ValueError, match=r"a table needs observations that are numbers \(Discrete\), CartPole-v1"):
        td_prediction("CartPole-v1")


def test_after_an_interrupt_nothing_is_said_of_episodes_that_were_not_played():
    learning = TabularPrediction(random_walk(5), None, 10, gamma=1.0, learners=2, seed=0, initial=0.5)

    def interrupted():
        for step in n_step_td_steps(learning, 0.1, 1):
            yield step
            if (learning.ended >= 3).all():
                raise KeyboardInterrupt

    run = PredictionRun.of(learning, "TD(0)", {}, learning.run(interrupted()))
    error = run.rms_error(FIVE)
    assert run.interrupted and np.isfinite(error[:4]).all() and np.isnan(error[-1]).all()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"alpha": lambda n: 1 / n}, "alpha must lie between 0 and 1, got <function"),
        ({"lam": "1"}, "lam must lie between 0 and 1, got '1'"),
        ({"n": 1.5}, "n must be a positive whole number, got 1.5"),
        ({"policy": lambda state: 0}, r"a policy is an action for each state, \(7,\) whole numbers"),
    ],
)
def test_bad_input_is_named(fields, message):
    with pytest.raises(ValueError, match=message):
        td_prediction(random_walk(5), **fields)


def test_true_values_are_numbers_one_for_each_state():
    run = td_prediction(random_walk(5), episodes=2)
    for wrong in ([1.0, 2.0], [np.nan] * 7, "FIVE"):
        with pytest.raises(ValueError, match="true_values must "):
            run.rms_error(wrong)
