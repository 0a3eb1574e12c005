#!/usr/bin/env bash
# Runs what links a static program, without what glibc has the linker say each time: that name
# look-ups want its shared files at run time. They are optional: without them /etc/hosts and DNS
# still work. (The linker's own --no-warnings hides errors as well, and that there were any.)
set -uo pipefail

without_warnings() {
  awk '
    /in statically linked applications requires at runtime/ { held = ""; next }
    held != "" { print held; held = "" }
    /: in function `[^\x27]*\x27:$/ { held = $0; next }
    { print }
    END { if (held != "") print held }'
}

{ "$@" 2>&1 >&3 | without_warnings >&2; } 3>&1
exit "${PIPESTATUS[0]}"
