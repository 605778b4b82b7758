% File     : N_EXIMP
% Status   : CounterSatisfiable
% Source   : no existential import

fof(axiom_1, axiom, ![X]: ('Unicorn'(X) => 'Horned'(X))).
fof(goal, conjecture, ?[X]: 'Unicorn'(X)).
