% File     : PEL57
% Status   : Theorem
% Source   : Pelletier 1986, problem 57

fof(axiom_1, axiom, 'F'(f(a, b), f(b, c))).
fof(axiom_2, axiom, 'F'(f(b, c), f(a, c))).
fof(axiom_3, axiom, ![X, Y, Z]: (('F'(X, Y) & 'F'(Y, Z)) => 'F'(X, Z))).
fof(goal, conjecture, 'F'(f(a, b), f(a, c))).
