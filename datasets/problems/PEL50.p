% File     : PEL50
% Status   : Theorem
% Source   : Pelletier 1986, problem 50

fof(axiom_1, axiom, ![X]: ('F'(a, X) | ![Y]: 'F'(X, Y))).
fof(goal, conjecture, ?[X]: ![Y]: 'F'(X, Y)).
