"""A CycloneDX bill of what is in the program, on standard output.

bill_of_materials.py --build build/release --machine x86_64

It is read off the build itself, not off a list: the libraries from the command that linked the
program, the headers from what the compiler noted of each file. Whose a file is Debian's package
database tells, or what scripts/dependencies.sh left in build/deps. One that nobody knows is an
error, so nothing is linked in and not told.
"""

import argparse
import hashlib
import json
import pathlib
import re
import shlex
import subprocess
import sys
import urllib.parse
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# What -static-pie adds without being asked.
RUNTIME = ["libstdc++.a", "libm.a", "libc.a", "libgcc.a", "libgcc_eh.a", "rcrt1.o", "crtbeginS.o"]


def output_of(*command) -> str:
    return subprocess.run(
        [*map(str, command)], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


class Build:
    def __init__(self, folder: pathlib.Path):
        self.folder = folder.resolve()
        cache = (folder / "CMakeCache.txt").read_text()
        self.version = re.search(r"^CMAKE_PROJECT_VERSION:STATIC=(.*)$", cache, re.MULTILINE)[1]
        commands = output_of("ninja", "-C", folder, "-t", "commands", "sgflow").splitlines()
        link = next(line for line in reversed(commands) if "-static-pie" in line)
        self.link = shlex.split(link.split("&&")[1] if "&&" in link else link)
        compilers = [word for word in self.link if word.endswith(("g++", "c++"))]
        self.compiler = compilers[0]

    def libraries(self) -> set[pathlib.Path]:
        """Those that are not sgflow's own rooms."""
        named = {(self.folder / word).resolve() for word in self.link if word.endswith(".a")}
        runtime = {
            pathlib.Path(output_of(self.compiler, f"-print-file-name={name}").strip()).resolve()
            for name in RUNTIME
        }
        return {path for path in named if not path.is_relative_to(self.folder)} | runtime

    def headers(self) -> set[pathlib.Path]:
        """Of others, that a file of src/ was compiled with."""
        found: set[pathlib.Path] = set()
        of_ours = False
        for line in output_of("ninja", "-C", self.folder, "-t", "deps").splitlines():
            if line and not line.startswith(" "):
                of_ours = line.startswith(("src/", "CMakeFiles/sgflow.dir/"))
            elif of_ours and line.strip():
                found.add((self.folder / line.strip()).resolve())
        ours = (self.folder, ROOT / "src")
        return {path for path in found if not any(path.is_relative_to(one) for one in ours)}


def deb(name: str, version: str, architecture: str) -> dict:
    quoted = [urllib.parse.quote(text, safe="~.-") for text in (name, version)]
    url = f"pkg:deb/debian/{quoted[0]}@{quoted[1]}?arch={architecture}"
    return {"type": "library", "bom-ref": url, "name": name, "version": version, "purl": url}


class Owners:
    """Whose a file is."""

    def __init__(self, dependencies: pathlib.Path):
        self.dependencies = dependencies
        self.parts = {}
        for path in sorted(dependencies.glob("*/share/parts/*.json")):
            part = json.loads(path.read_text())
            self.parts[path.parents[2] / "lib" / part["library"]] = part
        self.packages = {
            dependencies / "debian" / name: path.name.split("=", 1)
            for path in sorted((dependencies / "debian/share/packages").glob("*"))
            for name in path.read_text().splitlines()
        }

    def components(self, files: set[pathlib.Path]) -> list[dict]:
        components, of_debian, unknown = [], [], []
        for path in sorted(files):
            if part := self.parts.get(path):
                components.append(self._built(part))
            elif package := self.packages.get(path):
                components.append(deb(*package, "arm64"))
            elif not path.is_relative_to(self.dependencies):
                of_debian.append(path)
            elif path.suffix == ".a":  # a header there is one of a library that is linked
                unknown.append(path)
        components += self._installed(of_debian, unknown)
        if unknown:
            sys.exit("nobody knows whose these are:\n" + "\n".join(map(str, unknown)))
        return [*{one["bom-ref"]: one for one in components}.values()]

    @staticmethod
    def _built(part: dict) -> dict:
        licence = part["licence"]
        return {
            "type": "library",
            "bom-ref": part["purl"],
            "name": part["name"],
            "version": part["version"],
            "licenses": [{"expression": licence}],
            "purl": part["purl"],
        }

    @staticmethod
    def _installed(files: list[pathlib.Path], unknown: list[pathlib.Path]) -> list[dict]:
        found = subprocess.run(
            ["dpkg-query", "--search", *map(str, files)], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        ).stdout  # fmt: skip
        package_of = {}
        for line in found.splitlines():
            package, path = line.rsplit(": ", 1)
            package_of[pathlib.Path(path)] = package.split(",")[0]
        unknown += [path for path in files if path not in package_of]
        components = []
        for package in sorted(set(package_of.values())):
            shown = output_of(
                "dpkg-query", "-W", "-f", "${Package}\t${Version}\t${Architecture}", package
            )
            components.append(deb(*shown.split("\t")))
        return components


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--machine", required=True)
    chosen = parser.parse_args()
    build = Build(chosen.build)
    owners = Owners(ROOT / "build/deps" / chosen.machine)
    components = owners.components(build.libraries() | build.headers())
    components.sort(key=lambda one: one["bom-ref"])
    program = hashlib.sha256((chosen.build / "sgflow").read_bytes()).hexdigest()
    reference = f"sgflow@{build.version}?arch={chosen.machine}"
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        # The same for the same program.
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, program)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": reference,
                "name": "sgflow",
                "version": build.version,
                "licenses": [{"expression": "Apache-2.0"}],
                "hashes": [{"alg": "SHA-256", "content": program}],
            }
        },
        "components": components,
        "dependencies": [{"ref": reference, "dependsOn": [one["bom-ref"] for one in components]}],
    }
    print(json.dumps(bill, indent=1))


if __name__ == "__main__":
    main()
