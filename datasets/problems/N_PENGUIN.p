% File     : N_PENGUIN
% Status   : CounterSatisfiable
% Source   : own/textbook

fof(axiom_1, axiom, ![X]: (('Bird'(X) & ~ 'Abnormal'(X)) => 'Flies'(X))).
fof(axiom_2, axiom, 'Bird'(tweety)).
fof(goal, conjecture, 'Flies'(tweety)).
