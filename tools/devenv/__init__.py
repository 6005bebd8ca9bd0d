"""The development environment of this repository.

Everything lives in the ignored folder ``.local`` of the clone; downloads are shared by
all clones through the user's cache folder. ``bootstrap`` runs on the system's Python
with the standard library only, makes the virtual environment and continues in it;
``postgres``, ``databases`` and what builds on them run there.
"""

import sys

# Readable for old interpreters, so that they give this line and not a SyntaxError.
if not (3, 10) <= sys.version_info[:2] <= (3, 13):
    sys.exit(
        "error: Python 3.10 to 3.13 is needed and this is %d.%d; "
        "put a fitting python3 first on the PATH" % sys.version_info[:2]
    )
