% File     : PEL43
% Status   : Theorem
% Source   : Pelletier 1986, problem 43

fof(axiom_1, axiom, ![X, Y]: ('Q'(X, Y) <=> ![Z]: ('F'(Z, X) <=> 'F'(Z, Y)))).
fof(goal, conjecture, ![X, Y]: ('Q'(X, Y) <=> 'Q'(Y, X))).
