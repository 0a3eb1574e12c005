"""cfn-lint over the templates, and over what AWS's SAM transform makes of them:
python tests/deploy/cfn_lint.py"""

import json
import logging
import pathlib
import subprocess
import sys
import tempfile

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"
sys.path.insert(0, str(DEPLOY))

import write_templates  # noqa: E402
from templates import TEMPLATES, template, template_path  # noqa: E402

LINT = "from cfnlint.runner import main; main()"


def main() -> int:
    # SAM's transform warns that it has nobody to tell its own metrics to.
    logging.getLogger("samtranslator.metrics.metrics").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        made = pathlib.Path(folder)
        for name in TEMPLATES:
            if "Transform" in write_templates.read_template(name):
                (made / f"{name}.json").write_text(json.dumps(template(name)))
        # A property that there is not, which has to be told.
        wrong = made / "wrong.yaml"
        wrong.write_text(template_path("receiver").read_text().replace("RoleName:", "Name:"))
        # In one run, as it takes seconds to start.
        paths = [*map(template_path, TEMPLATES), *made.iterdir()]
        done = subprocess.run(
            [sys.executable, "-c", LINT, "--format", "parseable", *map(str, paths)],
            capture_output=True, text=True,
        )  # fmt: skip
    said = done.stdout.splitlines()
    told = [line for line in said if not line.startswith(f"{wrong}:")] + done.stderr.splitlines()
    print(*told, sep="\n", end="\n" if told else "")
    if not any("'Name' was unexpected" in line for line in said):
        sys.exit("cfn-lint says nothing of a template that is wrong")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
