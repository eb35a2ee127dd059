"""Contestants in turn, so that a machine that warms up or slows down does so for all of them."""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """The figures of several rounds."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.rounds)

    def __str__(self) -> str:
        return f"{min(self.rounds):,.0f} to {max(self.rounds):,.0f}"


def contest(contestants: Mapping[str, Callable[[], float]], rounds: int = 3) -> dict[str, Spread]:
    """Run each once a round, in turns that alternate their order; return what each measured."""
    found: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds):
        order = list(contestants) if number % 2 == 0 else list(reversed(contestants))
        for name in order:
            found[name].append(contestants[name]())
            print(f"  round {number + 1}, {name}: {found[name][-1]:,.0f}")
    return {name: Spread(tuple(values)) for name, values in found.items()}
