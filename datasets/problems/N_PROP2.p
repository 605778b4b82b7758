% File     : N_PROP2
% Status   : CounterSatisfiable
% Source   : own/textbook

fof(goal, conjecture, (p | q) => (p & q)).
