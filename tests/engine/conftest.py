"""How long random tests look: a fixed, short look by default, a long one with `make soak`."""

import os

from hypothesis import HealthCheck, Phase, settings

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]

settings.register_profile(
    "engine",
    max_examples=8,
    derandomize=True,
    deadline=None,
    suppress_health_check=SLOW,
    print_blob=False,
)
settings.register_profile(
    "soak",
    max_examples=int(os.environ.get("SOAK_EXAMPLES", "300")),
    derandomize=False,
    deadline=None,
    suppress_health_check=SLOW,
    phases=[Phase.reuse, Phase.generate, Phase.shrink],
)
settings.register_profile("quick", settings.get_profile("engine"), phases=[Phase.generate])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "engine"))
