"""Bodies that are not what their media type says."""


class MalformedError(ValueError):
    """A body that cannot be read: so many characters of it, and so many of its line `line`, are before the error."""

    def __init__(self, message: str, position: int = 0, line: int = 1, column: int = 0) -> None:
        super().__init__(message)
        self.message, self.position, self.line, self.column = message, position, line, column
