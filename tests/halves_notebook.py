"""An instructor's notebook with two exercises and an open question, for the tests of what a class gets."""

from __future__ import annotations

from agentos_lab.teaching import cells

HALVES = '''
    def halves(numbers):
        """Each number divided by two."""
        ### BEGIN SOLUTION
        return [number / 2 for number in numbers]
        ### END SOLUTION
'''

MASTER = cells.notebook(
    cells.opening("Halves", "What is a half?", able_to=["halve"], minutes=5, needs="Python"),
    cells.code(
        """
        from agentos_lab.teaching import checking, comparison

        @checking.exercise("halves", points=2)
        def task(answer):
            return comparison.compare_calls(answer, lambda xs: [x / 2 for x in xs], [([2, 4],)])

        def check(name, answer):
            return checking.check(task, answer)
        """
    ),
    cells.markdown("## Exercise"),
    cells.exercise("11.halves", HALVES, points=2, hidden="assert halves([6, 1]) == [3, 0.5]", hidden_points=3),
    cells.exercise("11.again", HALVES.replace("halves", "again"), points=4, hidden="assert again([8]) == [4]"),
    cells.open_question("11.why", "Why?", answer="Because.", points=2),
)
