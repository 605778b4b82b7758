"""The checks and quizzes of the notebooks, one module for each: `nb11` serves notebook 11."""

__all__: list[str] = []
