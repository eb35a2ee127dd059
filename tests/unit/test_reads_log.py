"""What the benchmark of reads makes of pgbench's log."""

from benchmarks.reads import WARM_SECONDS, Lookups, read_log

# client, number, µs from due to answered, script, second and µs of the answer, µs due to asked
LOG = f"""\
0 1 90000 0 100 90000 0
1 1 80000 0 {100 + WARM_SECONDS} 79999 75000
0 2 500 0 {100 + WARM_SECONDS} 250500 200
1 2 2000 0 {101 + WARM_SECONDS} 0 1500
"""


def test_only_lookups_that_are_due_after_the_warm_up_count() -> None:
    got = read_log(LOG)
    assert got == Lookups(rate=2.0, times=[0.5, 2.0], behind=1.5)
