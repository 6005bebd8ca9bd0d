# Copyright 2026 Mixed Assemble-to-Order founders
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How hard the property tests try."""

import os

from hypothesis import HealthCheck, Phase, settings

# `make soak` sets how many times more examples to try than `make test` does
SOAK = int(os.environ.get("ATO_SOAK") or 0)


def effort(max_examples, **kwargs):
    """Settings of a property test: the same examples in each run, new ones to soak.

    :param max_examples: how many in an ordinary run
    """
    return settings(
        max_examples=max_examples * (SOAK or 1),
        derandomize=not SOAK,
        print_blob=bool(SOAK),
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),  # no long explanations
        suppress_health_check=list(HealthCheck),
        **kwargs,
    )
