% File     : PEL08
% Status   : Theorem
% Source   : Pelletier 1986, problem 8

fof(goal, conjecture, ((p => q) => p) => p).
