% File     : KK1
% Status   : Theorem
% Source   : Smullyan: A says we are both knaves

fof(axiom_1, axiom, ![X]: ('Knight'(X) <=> ~ 'Knave'(X))).
fof(axiom_2, axiom, 'Knight'(a) <=> ('Knave'(a) & 'Knave'(b))).
fof(goal, conjecture, 'Knave'(a) & 'Knight'(b)).
