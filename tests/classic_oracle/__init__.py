"""The classic output, stated as plainly as Python allows.

Slow and simple on purpose: the tests hold the program's bytes against it.
"""

from .classic import classic_bytes, classic_line
from .documents import Configuration, Interface, Rule

__all__ = ["Configuration", "Interface", "Rule", "classic_bytes", "classic_line"]
