"""What every notebook of the course teaches with: predictions, instant checks and quizzes.

In a notebook: ``from agentos_lab.teaching import check, predict, quiz, reveal``. Making and keeping notebooks
(`cells`, `execute`, `release`) is for their authors and is imported from its own module.
"""
