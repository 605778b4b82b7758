% File     : SOCRATES
% Status   : Theorem
% Source   : folklore

fof(axiom_1, axiom, ![X]: ('Man'(X) => 'Mortal'(X))).
fof(axiom_2, axiom, 'Man'(socrates)).
fof(goal, conjecture, 'Mortal'(socrates)).
