"""Causal inference: graphs, what they say about data, what follows from an intervention, and what would have been.

Read in this order: `graph`, `d_separation` and `paths`; then `adjustment`, `front_door` and `instruments`; then
`expression`, `query` and `estimand`, and `identification` with `c_factor`, `hedge` and `two_worlds`, and
`do_calculus`; then `structural_model`, `model_fitting`, `counterfactual`,
`twin_network`, `counterfactual_identification`, `bounds`, `transport` and `selection`; for graphs from data,
`independence_tests`, `marked_graph`, `pc`, `fci`, `ges` and `lingam`, the distances
`structural_hamming_distance` and `structural_intervention_distance`, and `possible_effects`;
and for effects from data `effect_estimation`, the estimators it names (`ipw` is in `weighting`), `mediation` and
`sensitivity`.
"""

from .adjustment import (
    AdjustmentSet,
    NoAdjustment,
    adjustment_set,
    check_adjustment,
    minimal_adjustment_sets,
    optimal_adjustment_set,
)
from .bounds import CausationBounds, Interval, causation_bounds, effect_bounds, instrument_bounds
from .causal_step import CausalStep, SeparationClaim
from .counterfactual_identification import identify_counterfactual
from .counterfactual_identification_result import CounterfactualIdentified, CounterfactualNotIdentifiable
from .counterfactual_result import Counterfactual
from .d_separation import Separation, d_separated
from .derivation_check import DerivationCheck, check_derivation
from .derivation_search import derive
from .discovery_result import Discovered
from .discrete_model import DiscreteModel
from .do_calculus import rule_1, rule_2, rule_3
from .effect_comparison import EffectComparison, compare_effects
from .effect_estimate import EffectEstimate
from .effect_estimation import difference_in_means, estimate_effect
from .equivalence_class import equivalence_class
from .estimand import Estimand
from .evaluation import evaluate
from .expression import Expression, Fraction, Probability, Product, Sum, Variable
from .fci import fci
from .front_door import FrontDoorSet, NoFrontDoor, check_front_door, front_door_set, front_door_sets
from .ges import ScoredDiscovery, ges
from .graph import CausalGraph
from .hedge import Hedge
from .identification import identify
from .identification_result import Identified, NotIdentifiable
from .independence_tests import Independence, chi_square, d_separation_oracle, fisher_z, g_square
from .instruments import Instrument, NoInstrument, check_instrument, instruments
from .lingam import LinearDiscovery, lingam
from .marked_graph import Edge, MarkedGraph
from .mediation import MediationEstimate, natural_effects
from .noise import Bernoulli, Categorical, Normal, Uniform
from .omitted_variable_bias import OmittedVariableBias, omitted_variable_bias
from .paths import Path, find_paths
from .pc import pc
from .placebo import NegativeControl, PlaceboTest, negative_control, placebo_treatment
from .possible_effects import PossibleEffects, possible_effects
from .query import Query, parse_query
from .row_space import row_space_residual
from .score import bdeu, bic, discrete_bic, gaussian_bic
from .selection import NotRecovered, Recovered, recover
from .sensitivity import EValue, e_value
from .structural_hamming_distance import StructuralHammingDistance, structural_hamming_distance
from .structural_intervention_distance import StructuralInterventionDistance, structural_intervention_distance
from .structural_model import StructuralCausalModel
from .transport import NotTransportable, Transported, transport
from .twin_network import twin_network
from .two_worlds import TwoWorlds, two_worlds

__all__ = [
    "AdjustmentSet",
    "Bernoulli",
    "Categorical",
    "CausalGraph",
    "CausalStep",
    "CausationBounds",
    "Counterfactual",
    "CounterfactualIdentified",
    "CounterfactualNotIdentifiable",
    "DerivationCheck",
    "Discovered",
    "DiscreteModel",
    "EValue",
    "Edge",
    "EffectComparison",
    "EffectEstimate",
    "Estimand",
    "Expression",
    "Fraction",
    "FrontDoorSet",
    "Hedge",
    "Identified",
    "Independence",
    "Instrument",
    "Interval",
    "LinearDiscovery",
    "MarkedGraph",
    "MediationEstimate",
    "NegativeControl",
    "NoAdjustment",
    "NoFrontDoor",
    "NoInstrument",
    "Normal",
    "NotIdentifiable",
    "NotRecovered",
    "NotTransportable",
    "OmittedVariableBias",
    "Path",
    "PlaceboTest",
    "PossibleEffects",
    "Probability",
    "Product",
    "Query",
    "Recovered",
    "ScoredDiscovery",
    "Separation",
    "SeparationClaim",
    "StructuralCausalModel",
    "StructuralHammingDistance",
    "StructuralInterventionDistance",
    "Sum",
    "Transported",
    "TwoWorlds",
    "Uniform",
    "Variable",
    "adjustment_set",
    "bdeu",
    "bic",
    "causation_bounds",
    "check_adjustment",
    "check_derivation",
    "check_front_door",
    "check_instrument",
    "chi_square",
    "compare_effects",
    "d_separated",
    "d_separation_oracle",
    "derive",
    "difference_in_means",
    "discrete_bic",
    "e_value",
    "effect_bounds",
    "equivalence_class",
    "estimate_effect",
    "evaluate",
    "fci",
    "find_paths",
    "fisher_z",
    "front_door_set",
    "front_door_sets",
    "g_square",
    "gaussian_bic",
    "ges",
    "identify",
    "identify_counterfactual",
    "instrument_bounds",
    "instruments",
    "lingam",
    "minimal_adjustment_sets",
    "natural_effects",
    "negative_control",
    "omitted_variable_bias",
    "optimal_adjustment_set",
    "parse_query",
    "pc",
    "placebo_treatment",
    "possible_effects",
    "recover",
    "row_space_residual",
    "rule_1",
    "rule_2",
    "rule_3",
    "structural_hamming_distance",
    "structural_intervention_distance",
    "transport",
    "twin_network",
    "two_worlds",
]
