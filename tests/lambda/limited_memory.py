"""Runs a program that may have so much memory and no more: limited_memory.py BYTES PROGRAM...

What the limit counts is all that the program could write to, touched or not: more than what Lambda
counts.
"""

import os
import resource
import sys


def main() -> None:
    limit = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    os.execv(sys.argv[2], sys.argv[2:])


main()
