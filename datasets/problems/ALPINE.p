% File     : ALPINE
% Status   : Theorem
% Source   : Alpine club, folklore

fof(axiom_1, axiom, 'Member'(tony) & 'Member'(mike) & 'Member'(john)).
fof(axiom_2, axiom, ![X]: ('Member'(X) => ('Skier'(X) | 'Climber'(X)))).
fof(axiom_3, axiom, ![X]: ('Climber'(X) => ~ 'Likes'(X, rain))).
fof(axiom_4, axiom, ![X]: ('Skier'(X) => 'Likes'(X, snow))).
fof(axiom_5, axiom, ![X]: ('Likes'(mike, X) <=> ~ 'Likes'(tony, X))).
fof(axiom_6, axiom, 'Likes'(tony, rain) & 'Likes'(tony, snow)).
fof(goal, conjecture, ?[X]: ('Member'(X) & 'Climber'(X) & ~ 'Skier'(X))).
