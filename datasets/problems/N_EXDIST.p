% File     : N_EXDIST
% Status   : CounterSatisfiable
% Source   : own/textbook

fof(goal, conjecture, (?[X]: 'F'(X) & ?[X]: 'G'(X)) => ?[X]: ('F'(X) & 'G'(X))).
