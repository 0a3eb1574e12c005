"""tflint over each Terraform module below a folder: python -m servers.tflint FOLDER"""

import pathlib
import subprocess
import sys

from .go_program import go_program


def main(folder: pathlib.Path) -> int:
    program = go_program("github.com/terraform-linters/tflint", "v0.64.0")
    modules = sorted({path.parent for path in folder.rglob("*.tf")})
    if not modules:
        sys.exit(f"tflint: {folder} has no Terraform in it")
    codes = [
        subprocess.run(
            [program, f"--chdir={module}", "--no-color", "--minimum-failure-severity=notice"]
        ).returncode
        for module in modules
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
