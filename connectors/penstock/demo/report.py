"""What a stream came to: counts, violations, profiles."""

from dataclasses import dataclass

import psycopg
from psycopg.rows import dict_row
from rich.console import Console
from rich.table import Table

COUNTS = """
select
    (select count(*) from public.landed_events) as landed,
    (select count(*) from public.events) as accepted,
    (select count(*) from public.events_quarantined) as quarantined,
    (select count(*) from penstock.dead_letters where topic = 'events') as dead_letters,
    (select count(*) from public.identifiers) as identifiers,
    (select count(*) from public.profiles) as profiles,
    (select count(*) from public.profiles where devices > 1) as several_devices
"""
VIOLATIONS = """
select violation, count(*)
from public.events_quarantined
cross join lateral unnest(violations) as violation
group by violation
order by 2 desc, 1
"""
# People worth a look: several devices, something bought.
PROFILES = """
select profile_id, user_id, email, phone, devices, event_count, order_count, revenue
from public.profiles
order by devices desc, order_count desc, revenue desc nulls last, profile_id
limit 3
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the database holds; landed is every message that was readable."""

    landed: int
    accepted: int
    quarantined: int
    dead_letters: int
    identifiers: int
    profiles: int
    several_devices: int
    violations: tuple[tuple[str, int], ...]
    samples: tuple[dict[str, object], ...]

    @property
    def duplicates(self) -> int:
        """Deliveries of an event that was in already."""
        return self.landed - self.accepted - self.quarantined

    @property
    def messages(self) -> int:
        """Every message, whatever became of it."""
        return self.landed + self.dead_letters

    @property
    def merges(self) -> int:
        """How often a link joined two people that had been apart: identifiers less profiles."""
        return self.identifiers - self.profiles

    def show(self, console: Console, *, since: "Outcome") -> None:
        """Print it; a second column says what this run added, where there was something before."""
        table = Table(box=None, show_header=since.messages > 0, pad_edge=False)
        for heading in ("", "IN ALL", "THIS RUN"):
            table.add_column(heading, justify="right" if heading else "left")
        for name, what in ROWS.items():
            total: int = getattr(self, name)
            added = total - getattr(since, name)
            table.add_row(what, f"{total:,}", f"{added:+,}" if since.messages else "")
            if name == "quarantined":
                for violation, count in self.violations:
                    table.add_row(f"  {violation}", f"{count:,}", "")
        console.print(table)
        console.print()
        for sample in self.samples:
            shown = ", ".join(
                f"{name} {value}" for name, value in sample.items() if value is not None
            )
            console.print(f"  {shown}", soft_wrap=True)


ROWS = {
    "messages": "messages",
    "accepted": "accepted",
    "duplicates": "duplicates",
    "quarantined": "quarantined (an event may break several rules)",
    "dead_letters": "dead letters",
    "identifiers": "identifiers",
    "merges": "merges",
    "profiles": "profiles",
    "several_devices": "profiles with several devices",
}


def describe(connection: psycopg.Connection) -> Outcome:
    """Count what is there, in one snapshot."""
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read")
        with connection.cursor(row_factory=dict_row) as cursor:
            [counts] = cursor.execute(COUNTS).fetchall()
        violations = tuple(connection.execute(VIOLATIONS).fetchall())
        with connection.cursor(row_factory=dict_row) as cursor:
            samples = tuple(cursor.execute(PROFILES).fetchall())
    return Outcome(**counts, violations=violations, samples=samples)
