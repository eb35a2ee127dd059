"""Say that something is away once, and once again when it is back; wait longer each time."""

import logging
import random

log = logging.getLogger("penstock.connect")


class Outage:
    """The state of one thing the connector depends on.

    >>> outage = Outage("Kafka", random_source=random.Random(0))
    >>> 0.1 <= outage.begins("connection refused") <= outage.begins("connection refused") <= 1.0
    True
    >>> outage.is_on
    True
    """

    FIRST_DELAY = 0.2
    # The longest a service can be back before the connector notices.
    LONGEST_DELAY = 3.0

    def __init__(self, name: str, random_source: random.Random | None = None) -> None:
        self._name = name
        self._random = random_source or random.Random()  # noqa: S311 (jitter, no secret)
        self._failures = 0
        self._is_said = False
        self._delay = self.FIRST_DELAY

    @property
    def is_on(self) -> bool:
        """Whether it is away, as far as is known."""
        return self._failures > 0

    def begins(self, reason: str, *, at_once: bool = True) -> float:
        """Note a failure; say it if it is news. Returns the seconds to wait before trying again.

        at_once: False leaves the first failure in a row unsaid; another trial may tell more.
        """
        self._failures += 1
        if not self._is_said and (at_once or self._failures > 1):
            self._is_said = True
            log.warning("%s: %s; waiting", self._name, " ".join(reason.split()))
        delay = self._delay
        self._delay = min(delay * 2, self.LONGEST_DELAY)
        return delay * self._random.uniform(0.5, 1.0)

    def ends(self) -> None:
        """Note a success; say it if it had been away."""
        if self._is_said:
            log.warning("%s: back", self._name)
        self._failures = 0
        self._is_said = False
        self._delay = self.FIRST_DELAY
