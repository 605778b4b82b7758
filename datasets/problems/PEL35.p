% File     : PEL35
% Status   : Theorem
% Source   : Pelletier 1986, problem 35

fof(goal, conjecture, ?[X, Y]: ('P'(X, Y) => ![U, V]: 'P'(U, V))).
