% File     : PEL19
% Status   : Theorem
% Source   : Pelletier 1986, problem 19

fof(goal, conjecture, ?[X]: ![Y, Z]: (('P'(Y) => 'Q'(Z)) => ('P'(X) => 'Q'(X)))).
