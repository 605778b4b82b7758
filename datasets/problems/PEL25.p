% File     : PEL25
% Status   : Theorem
% Source   : Pelletier 1986, problem 25

fof(axiom_1, axiom, ?[X]: 'P'(X)).
fof(axiom_2, axiom, ![X]: ('F'(X) => (~ 'G'(X) & 'R'(X)))).
fof(axiom_3, axiom, ![X]: ('P'(X) => ('G'(X) & 'F'(X)))).
fof(axiom_4, axiom, ![X]: ('P'(X) => 'Q'(X)) | ?[X]: ('P'(X) & 'R'(X))).
fof(goal, conjecture, ?[X]: ('Q'(X) & 'P'(X))).
