% File     : WEST
% Status   : Theorem
% Source   : AIMA ch. 9

fof(axiom_1, axiom, ![X, Y, Z]: (('American'(X) & 'Weapon'(Y) & 'Sells'(X, Y, Z) & 'Hostile'(Z)) => 'Criminal'(X))).
fof(axiom_2, axiom, ?[X]: ('Owns'(nono, X) & 'Missile'(X))).
fof(axiom_3, axiom, ![X]: (('Missile'(X) & 'Owns'(nono, X)) => 'Sells'(west, X, nono))).
fof(axiom_4, axiom, ![X]: ('Missile'(X) => 'Weapon'(X))).
fof(axiom_5, axiom, ![X]: ('Enemy'(X, america) => 'Hostile'(X))).
fof(axiom_6, axiom, 'American'(west)).
fof(axiom_7, axiom, 'Enemy'(nono, america)).
fof(goal, conjecture, 'Criminal'(west)).
