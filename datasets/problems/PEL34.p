% File     : PEL34
% Status   : Theorem
% Source   : Pelletier 1986, problem 34

fof(goal, conjecture, (?[X]: ![Y]: ('P'(X) <=> 'P'(Y)) <=> (?[X]: 'Q'(X) <=> ![Y]: 'Q'(Y))) <=> (?[X]: ![Y]: ('Q'(X) <=> 'Q'(Y)) <=> (?[X]: 'P'(X) <=> ![Y]: 'P'(Y)))).
