% File     : PEL17
% Status   : Theorem
% Source   : Pelletier 1986, problem 17

fof(goal, conjecture, ((p & (q => r)) => s) <=> ((~ p | q | s) & (~ p | ~ r | s))).
