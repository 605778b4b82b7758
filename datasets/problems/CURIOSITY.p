% File     : CURIOSITY
% Status   : Theorem
% Source   : AIMA ch. 9

fof(axiom_1, axiom, ![X]: (![Y]: ('Animal'(Y) => 'Loves'(X, Y)) => ?[Y]: 'Loves'(Y, X))).
fof(axiom_2, axiom, ![X]: (?[Z]: ('Animal'(Z) & 'Kills'(X, Z)) => ![Y]: ~ 'Loves'(Y, X))).
fof(axiom_3, axiom, ![X]: ('Animal'(X) => 'Loves'(jack, X))).
fof(axiom_4, axiom, 'Kills'(jack, tuna) | 'Kills'(curiosity, tuna)).
fof(axiom_5, axiom, 'Cat'(tuna)).
fof(axiom_6, axiom, ![X]: ('Cat'(X) => 'Animal'(X))).
fof(goal, conjecture, 'Kills'(curiosity, tuna)).
