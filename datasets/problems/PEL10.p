% File     : PEL10
% Status   : Theorem
% Source   : Pelletier 1986, problem 10

fof(axiom_1, axiom, q => r).
fof(axiom_2, axiom, r => (p & q)).
fof(axiom_3, axiom, p => (q | r)).
fof(goal, conjecture, p <=> q).
