"""No search for garbage while a model is compiled: its trees are all in use until it is."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Leave garbage where it is for a moment; around no statement that may take long.

    Where nodes are made by the ten thousand, looking for cycles among them was half of the time.
    Of several threads inside, the one that switched it off switches it on again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
