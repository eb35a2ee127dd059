"""What `adapter` is to the linter: dispatched macros read as a call, for no engine is at hand."""

from collections.abc import Callable

# Macros that stand for a whole statement, not for an expression.
STATEMENTS = ("connected_components", "extracted_messages", "landed_messages", "source_ddl")


def dispatch(macro: str, _package: str | None = None) -> Callable[..., str]:
    """Return a function that gives SQL of the right shape, whatever the engine would run."""

    def shape(first: object = "", *_rest: object, **_named: object) -> str:
        if macro in STATEMENTS:
            return f"select * from {first}"  # noqa: S608 - only read by the linter
        return f"{macro}({first})"

    return shape
