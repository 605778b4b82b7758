% File     : LOS
% Status   : Theorem
% Source   : Los (TPTP MSC006)

fof(axiom_1, axiom, ![X, Y, Z]: (('P'(X, Y) & 'P'(Y, Z)) => 'P'(X, Z))).
fof(axiom_2, axiom, ![X, Y, Z]: (('Q'(X, Y) & 'Q'(Y, Z)) => 'Q'(X, Z))).
fof(axiom_3, axiom, ![X, Y]: ('Q'(X, Y) => 'Q'(Y, X))).
fof(axiom_4, axiom, ![X, Y]: ('P'(X, Y) | 'Q'(X, Y))).
fof(goal, conjecture, ![X, Y]: 'P'(X, Y) | ![X, Y]: 'Q'(X, Y)).
