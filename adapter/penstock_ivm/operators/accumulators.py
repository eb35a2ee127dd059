"""What an aggregate remembers of a group, and how a delta changes it.

Each accumulator reads columns of the block's outputs (or of the delta, which has `__w`
beside them) and writes columns of the state table. In the SQL it gives, `s` is the state
row (all NULL for a new group), `d` the delta of the group, `f` what was asked of both, and `r` the
group computed again.
"""

from __future__ import annotations

from dataclasses import dataclass

from penstock_ivm.ordering import OrderKey, compared, order_by, precedes
from penstock_ivm.session import ident


@dataclass(frozen=True)
class Accumulator:
    """name: its first state column; the others begin with it."""

    name: str

    looks_again = False

    def computed(self) -> dict[str, str]:
        """State column -> aggregate over the group's rows."""
        raise NotImplementedError

    def grouped(self, signed: bool) -> dict[str, str]:
        """Column of `d` -> aggregate over the delta's rows."""
        raise NotImplementedError

    def flags(self) -> dict[str, str]:
        """Conditions over `s` and `d` that `merged` reads several times, as columns of `f`."""
        return {}

    def merged(self) -> dict[str, str]:
        """State column -> its value from `s`, `d` and `f`."""
        raise NotImplementedError

    def stale(self, signed: bool, settled: bool = False) -> str | None:  # noqa: ARG002
        """When the group must be computed again: a condition over `s` and `d`, None for never.

        settled: what came in the delta is there (Delta.settled).
        """
        return None


@dataclass(frozen=True)
class CountValues(Accumulator):
    """count(argument): how many values are not null."""

    argument: str

    def computed(self) -> dict[str, str]:
        """See Accumulator."""
        return {self.name: f"count({ident(self.argument)})"}

    def grouped(self, signed: bool) -> dict[str, str]:  # noqa: ARG002
        """See Accumulator."""
        # IS NOT NULL asks a composite whether all its fields are set; this asks the value.
        total = f"sum(__w) filter (where {ident(self.argument)} is distinct from null)"
        return {self.name: f"coalesce({total}, 0)::bigint"}

    def merged(self) -> dict[str, str]:
        """See Accumulator."""
        return {self.name: f"coalesce(s.{ident(self.name)}, 0) + d.{ident(self.name)}"}


@dataclass(frozen=True)
class Sum(Accumulator):
    """sum(argument) of integers or numerics; 0 where nothing was added.

    A sum of numerics shows the largest scale among its terms, and NaN stays NaN: both are
    lost by subtraction, so a group is computed again when a term leaves that may have given
    the sum its scale, or when the sum is not finite (scale() is NULL then).
    """

    argument: str
    type: str
    varying_scale: bool
    is_numeric: bool

    @property
    def looks_again(self) -> bool:  # type: ignore[override]
        """Whether a retraction may need the group's rows."""
        return self.is_numeric

    def computed(self) -> dict[str, str]:
        """See Accumulator."""
        return {self.name: f"coalesce(sum({ident(self.argument)}), 0)::{self.type}"}

    def grouped(self, signed: bool) -> dict[str, str]:
        """See Accumulator."""
        argument = ident(self.argument)
        found = {self.name: f"coalesce(sum({argument}::numeric * __w), 0)"}
        if signed and self.is_numeric:
            gone = f"filter (where __w < 0 and {argument} is not null)"
            found[f"{self.name}__gone"] = f"count(*) {gone}"
            found[f"{self.name}__scale"] = f"max(scale({argument})) {gone}"
            found[f"{self.name}__came"] = f"max(scale({argument})) filter (where __w > 0)"
        return found

    def merged(self) -> dict[str, str]:
        """See Accumulator."""
        return {self.name: f"coalesce(s.{ident(self.name)}, 0) + d.{ident(self.name)}"}

    def stale(self, signed: bool, settled: bool = False) -> str | None:
        """See Accumulator."""
        if not signed or not self.is_numeric:
            return None
        state, gone = f"s.{ident(self.name)}", f"d.{ident(self.name + '__gone')}"
        scale, came = f"d.{ident(self.name + '__scale')}", f"d.{ident(self.name + '__came')}"
        condition = f"scale({state}) is null"
        if self.varying_scale:
            condition += f" or {scale} > 0 and {scale} >= scale({state})"
            if settled:
                condition += f" and ({came} >= {scale}) is not true"
        return f"({gone} > 0 and ({condition}))"


@dataclass(frozen=True)
class Extreme(Accumulator):
    """min(argument) or max(argument)."""

    argument: str
    is_min: bool
    builtin: bool
    faithful: bool
    """Whether equal values look the same."""

    looks_again = True

    @property
    def _function(self) -> str:
        return "min" if self.is_min else "max"

    def computed(self) -> dict[str, str]:
        """See Accumulator."""
        return {self.name: f"{self._function}({ident(self.argument)})"}

    def grouped(self, signed: bool) -> dict[str, str]:
        """See Accumulator."""
        argument = f"{self._function}({ident(self.argument)})"
        found = {self.name: f"{argument} filter (where __w > 0)" if signed else argument}
        if signed:
            found[f"{self.name}__gone"] = f"{argument} filter (where __w < 0)"
        return found

    def merged(self) -> dict[str, str]:
        """See Accumulator."""
        pick = "least" if self.is_min else "greatest"
        return {self.name: f"{pick}(s.{ident(self.name)}, d.{ident(self.name)})"}

    def stale(self, signed: bool, settled: bool = False) -> str | None:
        """See Accumulator."""
        if not signed:
            return None
        gone, state = f"d.{ident(self.name + '__gone')}", f"s.{ident(self.name)}"
        came = f"d.{ident(self.name)}"
        # A delta may hold a row twice, as come and as gone; where nothing stands yet, a value
        # that is both would pass for the extreme.
        beyond = "<" if self.is_min else ">"
        further = compared(gone, f"{beyond}=", state, self.builtin)
        if settled:
            # What comes in its stead and is no less extreme is the extreme now; 1.0 in the stead
            # of 1.00 would not be seen.
            further = compared(gone, beyond, state, self.builtin)
            same = compared(gone, "=", state, self.builtin)
            as_extreme = f"{beyond}=" if self.faithful else beyond
            instead = compared(came, as_extreme, gone, self.builtin)
            instead = f"{came} is distinct from null and {instead}"
            further = f"{further} or ({same} and ({instead}) is not true)"
        return (
            f"({gone} is distinct from null and ({state} is not distinct from null or {further}))"
        )


@dataclass(frozen=True)
class Booleans(Accumulator):
    """bool_and / bool_or: how many true, how many false."""

    argument: str

    def computed(self) -> dict[str, str]:
        """See Accumulator."""
        argument = ident(self.argument)
        return {
            f"{self.name}__true": f"count(*) filter (where {argument})",
            f"{self.name}__false": f"count(*) filter (where not {argument})",
        }

    def grouped(self, signed: bool) -> dict[str, str]:  # noqa: ARG002
        """See Accumulator."""
        argument = ident(self.argument)
        return {
            f"{self.name}__true": f"coalesce(sum(__w) filter (where {argument}), 0)::bigint",
            f"{self.name}__false": f"coalesce(sum(__w) filter (where not {argument}), 0)::bigint",
        }

    def merged(self) -> dict[str, str]:
        """See Accumulator."""
        names = (f"{self.name}__true", f"{self.name}__false")
        return {name: f"coalesce(s.{ident(name)}, 0) + d.{ident(name)}" for name in names}


@dataclass(frozen=True)
class First(Accumulator):
    """(array_agg(value order by …) filter (where …))[1]: the value of the first row.

    State: the value, its order keys, and whether there is a row at all.
    """

    value: str
    order: tuple[OrderKey, ...]
    condition: str | None
    sorted: bool = False
    """Whether the delta's rows come in this order within their group."""

    looks_again = True

    def _state_order(self) -> tuple[OrderKey, ...]:
        return tuple(
            OrderKey(f"{self.name}__by{i}", key.descending, key.nulls_first, key.builtin)
            for i, key in enumerate(self.order, 1)
        )

    def _sources(self) -> dict[str, str]:
        return {self.name: self.value} | {
            mine.name: key.name for mine, key in zip(self._state_order(), self.order, strict=True)
        }

    @property
    def _there(self) -> str:
        return f"{self.name}__there"

    def _first_of(self, source: str, extra: str | None, *, sorted: bool = False) -> str:
        conditions = [c for c in (self.condition and ident(self.condition), extra) if c]
        where = f" filter (where {' and '.join(conditions)})" if conditions else ""
        order = "" if sorted else f" order by {order_by(self.order)}"
        return f"(array_agg({ident(source)}{order}){where})[1]"

    def _any_of(self, extra: str | None) -> str:
        conditions = [c for c in (self.condition and ident(self.condition), extra) if c]
        return f"count(*) filter (where {' and '.join(conditions) or 'true'}) > 0"

    def computed(self) -> dict[str, str]:
        """See Accumulator."""
        found = {name: self._first_of(source, None) for name, source in self._sources().items()}
        return found | {self._there: self._any_of(None)}

    def grouped(self, signed: bool) -> dict[str, str]:
        """See Accumulator."""

        def first_of(source: str, extra: str | None) -> str:
            return self._first_of(source, extra, sorted=self.sorted)

        extra = "__w > 0" if signed else None
        found = {name: first_of(source, extra) for name, source in self._sources().items()}
        found[self._there] = self._any_of(extra)
        if signed:
            for mine, key in zip(self._state_order(), self.order, strict=True):
                found[f"{mine.name}__gone"] = first_of(key.name, "__w < 0")
            found[f"{self.name}__gone"] = self._any_of("__w < 0")
        return found

    def flags(self) -> dict[str, str]:
        """See Accumulator."""
        wins = (
            f"d.{ident(self._there)} and (s.{ident(self._there)} is not true"
            f" or {precedes(self._state_order(), 'd.{}', 's.{}')})"
        )
        return {f"{self.name}__wins": wins}

    def merged(self) -> dict[str, str]:
        """See Accumulator."""
        wins = f"f.{ident(self.name + '__wins')}"
        found = {
            name: f"case when {wins} then d.{ident(name)} else s.{ident(name)} end"
            for name in self._sources()
        }
        there = f"d.{ident(self._there)} or s.{ident(self._there)} is true"
        return found | {self._there: there}

    def stale(self, signed: bool, settled: bool = False) -> str | None:
        """See Accumulator: when a row left that did not stand behind the first one.

        Or where none stood, for the row that left may be among those that came (see Extreme).
        """
        if not signed:
            return None
        keys = self._state_order()
        before = precedes_gone(keys, "s")
        if settled:
            # What comes in its stead and stands strictly before it is the first now. Where they
            # tie, their values may differ.
            before = f"({before} or (d.{ident(self._there)} and {precedes_gone(keys, 'd')}))"
        return (
            f"(d.{ident(self.name + '__gone')}"
            f" and (s.{ident(self._there)} is not true or not {before}))"
        )


def precedes_gone(keys: tuple[OrderKey, ...], row: str) -> str:
    """Write: a row (of the state, or the best that came) stands strictly before the best that left.

    row: the alias of its columns.
    """
    text = "false"
    for key in reversed(keys):
        one = OrderKey("x", key.descending, key.nulls_first, key.builtin)
        state, gone = f"{row}.{ident(key.name)}", f"d.{ident(key.name + '__gone')}"
        before = precedes([one], "\0", "\1").replace("\0", state).replace("\1", gone)
        same = (
            f"({compared(state, '=', gone, key.builtin)}) is true"
            f" or ({state} is null and {gone} is null)"
        )
        text = before if text == "false" else f"({before} or (({same}) and {text}))"
    return text


@dataclass(frozen=True)
class Recomputed(Accumulator):
    """Any other aggregate: computed again for every group that a change touches."""

    expression: str
    """The aggregate over the block's outputs, as SQL."""

    looks_again = True

    def computed(self) -> dict[str, str]:
        """See Accumulator."""
        return {self.name: self.expression}

    def grouped(self, signed: bool) -> dict[str, str]:  # noqa: ARG002
        """See Accumulator."""
        return {}

    def merged(self) -> dict[str, str]:
        """See Accumulator."""
        return {self.name: f"s.{ident(self.name)}"}

    def stale(self, signed: bool, settled: bool = False) -> str | None:  # noqa: ARG002
        """See Accumulator."""
        return "true"


@dataclass(frozen=True)
class DistinctCount(Accumulator):
    """count(distinct argument): told by the stage that holds the distinct values."""

    argument: str

    def computed(self) -> dict[str, str]:
        """See Accumulator."""
        return {self.name: f"count(distinct {ident(self.argument)})"}

    def grouped(self, signed: bool) -> dict[str, str]:  # noqa: ARG002
        """See Accumulator."""
        return {}

    def merged(self) -> dict[str, str]:
        """See Accumulator: a new group begins at 0, its values are told next."""
        return {self.name: f"coalesce(s.{ident(self.name)}, 0)"}
