% File     : PEL15
% Status   : Theorem
% Source   : Pelletier 1986, problem 15

fof(goal, conjecture, (p => q) <=> (~ p | q)).
