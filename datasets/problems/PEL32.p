% File     : PEL32
% Status   : Theorem
% Source   : Pelletier 1986, problem 32

fof(axiom_1, axiom, ![X]: (('F'(X) & ('G'(X) | 'H'(X))) => 'I'(X))).
fof(axiom_2, axiom, ![X]: (('I'(X) & 'H'(X)) => 'J'(X))).
fof(axiom_3, axiom, ![X]: ('K'(X) => 'H'(X))).
fof(goal, conjecture, ![X]: (('F'(X) & 'K'(X)) => 'J'(X))).
