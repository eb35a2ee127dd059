"""What `penstock profile` makes of what was noted."""

import pytest

from penstock.cli.profile import headline
from penstock.profiling import Called, Connector, summed
from penstock.sources.laps import Laps

CONNECTOR = Connector(
    7,
    batches=2,
    events=100,
    bytes=5_000,
    phases={"waiting": 1_000, "copy": 6_000, "encode": 500, "commit": 2_500, "decode": 900},
)
CALLED = [
    Called("public.kept", "kept__insert", True, 2, total=4_000, self=1_000, noting=100),
    Called("public.totals", "totals__insert", True, 2, total=2_900, self=2_800, noting=100),
    Called("public.totals", "totals__insert", False, 1, total=500, self=500, noting=0),
]


def test_phases_add_up_and_maintenance_is_not_in_copy() -> None:
    found = summed(10, [CONNECTOR], CALLED, wal_bytes=9_000, wal=(4_000, 50))
    got = {phase.name: phase.microseconds for phase in found.phases}
    assert got == {
        "waiting": 1_000,
        "encode": 500,
        "copy": 6_000 - 3_800 - 200,
        "maintenance": 3_800,
        "commit": 2_500,
        "noting": 200,
        "other writers": 500,
        "decode": 900,
    }
    whole = 10_000 + 500
    assert found.phases[0].share == 1_000 / whole
    assert sum(p.share for p in found.phases if p.name != "decode") == pytest.approx(1)
    assert {phase.name: phase.an_event for phase in found.phases}["commit"] == 25.0
    assert found.wal_an_event == 80.0
    assert found.events_per_second == 100 / 0.01


def test_a_model_has_the_self_time_of_its_functions_the_dearest_first() -> None:
    found = summed(10, [CONNECTOR], CALLED, wal_bytes=0, wal=None)
    assert [(m.name, m.calls, m.microseconds) for m in found.models] == [
        ("public.totals", 3, 3_300),
        ("public.kept", 2, 1_000),
    ]
    assert [(f.name, f.total_microseconds) for f in found.functions] == [
        ("totals__insert", 3_400),
        ("kept__insert", 4_000),
    ]


def test_nothing_noted_is_an_empty_profile() -> None:
    found = summed(10, [], [], wal_bytes=5, wal=None)
    assert found.is_empty
    assert found.phases == ()
    assert "WAL of the whole server 5 B" in headline(found)


def test_laps_leave_no_time_out_and_start_anew() -> None:
    laps = Laps()
    laps.mark("one")
    laps.mark("two")
    laps.mark("one")
    assert set(laps.take()) == {"one", "two"}
    assert laps.take() == {}
