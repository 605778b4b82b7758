% File     : EVENODD4
% Status   : Theorem
% Source   : textbook

fof(axiom_1, axiom, 'Even'(o)).
fof(axiom_2, axiom, ![X]: ('Even'(X) => 'Odd'(s(X)))).
fof(axiom_3, axiom, ![X]: ('Odd'(X) => 'Even'(s(X)))).
fof(goal, conjecture, 'Even'(s(s(s(s(o)))))).
