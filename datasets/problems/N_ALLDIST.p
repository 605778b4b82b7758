% File     : N_ALLDIST
% Status   : CounterSatisfiable
% Source   : own/textbook

fof(goal, conjecture, ![X]: ('F'(X) | 'G'(X)) => (![X]: 'F'(X) | ![X]: 'G'(X))).
