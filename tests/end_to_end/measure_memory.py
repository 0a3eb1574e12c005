"""Runs the program named by the arguments and prints the peak of its memory.

A program of its own: the kernel's peak includes what the process was before it became sgflow,
and pytest is large.
"""

import os
import sys


def main() -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    child = os.fork()
    if child == 0:
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        os.execv(sys.argv[1], sys.argv[1:])
    _, status, used = os.wait4(child, 0)
    exit_code = os.waitstatus_to_exitcode(status)
    print(f'{{"peak": {used.ru_maxrss}, "exit_code": {exit_code}}}')


main()
