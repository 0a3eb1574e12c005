"""The zip that Lambda takes: the program as `bootstrap`. The same program gives the same bytes.

zip_bootstrap.py PROGRAM ZIP
"""

import pathlib
import sys
import zipfile

EXECUTABLE = 0o100755
UNIX = 3


def main() -> None:
    program, to = map(pathlib.Path, sys.argv[1:])
    # The earliest time that a zip can tell; the program's own is another at every build.
    entry = zipfile.ZipInfo("bootstrap", date_time=(1980, 1, 1, 0, 0, 0))
    entry.create_system = UNIX
    entry.external_attr = EXECUTABLE << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    whole = to.with_suffix(".part")
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(entry, program.read_bytes(), compresslevel=9)
    whole.replace(to)


if __name__ == "__main__":
    main()
