% File     : PEL14
% Status   : Theorem
% Source   : Pelletier 1986, problem 14

fof(goal, conjecture, (p <=> q) <=> ((q | ~ p) & (~ q | p))).
