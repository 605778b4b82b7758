% File     : PEL20
% Status   : Theorem
% Source   : Pelletier 1986, problem 20

fof(goal, conjecture, ![X, Y]: ?[Z]: ![W]: (('P'(X) & 'Q'(Y)) => ('R'(Z) & 'S'(W))) => (?[X, Y]: ('P'(X) & 'Q'(Y)) => ?[Z]: 'R'(Z))).
