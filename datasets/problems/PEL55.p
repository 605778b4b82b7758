% File     : PEL55
% Status   : Theorem
% Source   : Pelletier 1986, problem 55

fof(axiom_1, axiom, ?[X]: (lives(X) & killed(X, agatha))).
fof(axiom_2, axiom, lives(agatha)).
fof(axiom_3, axiom, lives(butler)).
fof(axiom_4, axiom, lives(charles)).
fof(axiom_5, axiom, ![X]: (lives(X) => (X = agatha | X = butler | X = charles))).
fof(axiom_6, axiom, ![X, Y]: (killed(X, Y) => hates(X, Y))).
fof(axiom_7, axiom, ![X, Y]: (killed(X, Y) => ~ richer(X, Y))).
fof(axiom_8, axiom, ![X]: (hates(agatha, X) => ~ hates(charles, X))).
fof(axiom_9, axiom, ![X]: (X != butler => hates(agatha, X))).
fof(axiom_10, axiom, ![X]: (~ richer(X, agatha) => hates(butler, X))).
fof(axiom_11, axiom, ![X]: (hates(agatha, X) => hates(butler, X))).
fof(axiom_12, axiom, ![X]: ?[Y]: ~ hates(X, Y)).
fof(axiom_13, axiom, agatha != butler).
fof(goal, conjecture, killed(agatha, agatha)).
