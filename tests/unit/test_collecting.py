"""Python's search for garbage rests while a model is compiled, and goes on whatever happens."""

import gc

import pytest

from penstock_ivm.collecting import uncollected


def test_it_rests_inside_and_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError), uncollected():
        assert not gc.isenabled()
        raise ValueError
    assert gc.isenabled()


def test_who_has_switched_it_off_finds_it_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
