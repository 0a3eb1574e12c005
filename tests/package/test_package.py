"""What `make package` has made. `make package-test` runs this; it takes minutes."""

import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import stat
import struct
import subprocess
import sys
import zipfile

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPOSITORY / "tests"))

from servers import lambda_emulator  # noqa: E402

FOLDER = pathlib.Path(os.environ.get("SGFLOW_PACKAGE", ""))
pytestmark = pytest.mark.skipif(
    "SGFLOW_PACKAGE" not in os.environ, reason="skipped: SGFLOW_PACKAGE is not set"
)

ARCHITECTURES = ["x86_64", "arm64"]
PRESETS = {"x86_64": "release", "arm64": "release-aarch64"}
MACHINES = {"x86_64": 62, "arm64": 183}  # ELF's numbers
MOST_BYTES = 5_000_000
QEMU = "qemu-aarch64-static"
INVENTORY = REPOSITORY / "examples/inventory.json"


def zip_of(architecture: str) -> pathlib.Path:
    return FOLDER / f"sgflow-lambda-{architecture}.zip"


def bill_of(architecture: str) -> dict:
    return json.loads((FOLDER / f"sgflow-lambda-{architecture}.cdx.json").read_text())


@pytest.fixture(scope="session", params=ARCHITECTURES)
def architecture(request) -> str:
    return request.param


@pytest.fixture(scope="session")
def bootstrap(architecture, tmp_path_factory) -> pathlib.Path:
    """The zip's content, as Lambda unpacks it."""
    folder = tmp_path_factory.mktemp(architecture)
    subprocess.run(
        [sys.executable, "-m", "zipfile", "-e", zip_of(architecture), folder], check=True
    )
    path = folder / "bootstrap"
    path.chmod(0o755)
    return path


def command_of(architecture: str, bootstrap: pathlib.Path) -> list[str]:
    """How it runs here: arm64 as on Graviton2."""
    emulated = architecture == "arm64"
    return [*([QEMU, "-cpu", "neoverse-n1"] if emulated else []), str(bootstrap)]


def test_the_zip_is_one_executable_and_small(architecture):
    path = zip_of(architecture)
    assert path.stat().st_size <= MOST_BYTES
    with zipfile.ZipFile(path) as archive:
        (entry,) = archive.infolist()
    assert entry.filename == "bootstrap"
    assert stat.filemode(entry.external_attr >> 16) == "-rwxr-xr-x"
    assert entry.date_time == (1980, 1, 1, 0, 0, 0)


def test_the_program_is_static_and_of_its_architecture(architecture, bootstrap):
    program = bootstrap.read_bytes()
    (machine,) = struct.unpack_from("<H", program, 18)
    assert machine == MACHINES[architecture]
    told = subprocess.run(
        ["readelf", "--program-headers", "--dynamic", "--wide", bootstrap],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert "INTERP" not in told and "NEEDED" not in told
    assert "GNU_RELRO" in told and "BIND_NOW" in told


def test_no_folder_of_the_build_is_in_it(bootstrap):
    program = bootstrap.read_bytes()
    for folder in (str(REPOSITORY), str(pathlib.Path.home()) + "/", "/tmp/", "build/deps"):
        at = program.find(folder.encode())
        assert at < 0, program[at - 40 : at + 100]


def test_built_in_another_folder_it_is_the_same(architecture, tmp_path):
    """From the files of the commit alone; the dependencies are those of this folder."""
    copy = tmp_path / "elsewhere"
    copy.mkdir()
    files = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, check=True, stdout=subprocess.PIPE
    ).stdout
    for name in files.decode().split("\0")[:-1]:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, copy / name)
    (copy / "build").mkdir()
    (copy / "build/deps").symlink_to(REPOSITORY / "build/deps")
    preset = PRESETS[architecture]
    environment = {**os.environ, "CCACHE_DISABLE": "1"}
    for command in (
        ["cmake", "--preset", preset, "-DSGFLOW_AWS=ON"],
        ["cmake", "--build", "--preset", preset, "--target", "sgflow"],
        [sys.executable, "scripts/package/zip_bootstrap.py", f"build/{preset}/sgflow", "again.zip"],
    ):
        subprocess.run(command, cwd=copy, env=environment, check=True, stdout=subprocess.DEVNULL)
    assert (copy / "again.zip").read_bytes() == zip_of(architecture).read_bytes()


def test_the_bill_of_materials_is_of_this_program(architecture, bootstrap):
    bill = bill_of(architecture)
    (hashed,) = bill["metadata"]["component"]["hashes"]
    assert hashed["content"] == hashlib.sha256(bootstrap.read_bytes()).hexdigest()


PINNED = {
    "simdjson": ("base", "SIMDJSON_VERSION"),
    "isa-l": ("base", "ISAL_VERSION"),
    "cpp-httplib": ("base", "HTTPLIB_VERSION"),
    "base64": ("base", "PYBASE64_VERSION"),
    "aws-lc": ("aws", "AWSCRT_VERSION"),
    "s2n": ("aws", "AWSCRT_VERSION"),
    "aws-c-auth": ("aws", "AWSCRT_VERSION"),
}


def test_the_bill_of_materials_names_what_is_linked(architecture):
    bill = bill_of(architecture)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    components = {one["name"]: one for one in bill["components"]}
    assert len(components) == len({one["bom-ref"] for one in bill["components"]})
    for name, (stage, pin) in PINNED.items():
        script = (REPOSITORY / f"scripts/dependencies/{stage}.sh").read_text()
        pinned = re.search(rf"^readonly {pin}=(\S+)", script, re.MULTILINE)[1]
        assert components[name]["version"].split(" ")[-1] == pinned
    runtime = ["libc6-dev", "libstdc++-12-dev", "libgcc-12-dev"]
    if architecture == "arm64":
        runtime = [f"{name}-arm64-cross" for name in runtime]
    for name in (*runtime, "libfmt-dev", "libcli11-dev", "libpugixml-dev", "libhiredis-dev",
                 "libxxhash-dev"):  # fmt: skip
        assert components[name]["purl"].startswith(f"pkg:deb/debian/{name.replace('+', '%2B')}@")
        installed = subprocess.run(
            ["dpkg-query", "-W", "-f", "${Version}", name], check=True, capture_output=True
        ).stdout.decode()
        assert components[name]["version"] == installed


EVENT = {
    "invocationId": "0d3b1f0a-6c2b-4c2a-9f3e-1d2c3b4a5f60",
    "deliveryStreamArn": "arn:aws:firehose:eu-west-1:111122223333:deliverystream/flow-logs",
    "region": "eu-west-1",
}


def documented_example() -> tuple[dict, dict]:
    """The event and the answer that docs/configuration.md shows."""
    page = (REPOSITORY / "docs/configuration.md").read_text()
    event, answer = re.findall(r"```json\n(\{.*?\})\n```", page, re.DOTALL)[:2]
    return json.loads(event), json.loads(answer)


def test_awss_emulator_gets_its_answer(architecture, bootstrap, tmp_path):
    started = bootstrap
    if architecture == "arm64":
        if shutil.which(QEMU) is None:
            pytest.skip(f"skipped: {QEMU} is not there")
        started = tmp_path / "start"
        command = shlex.join(command_of(architecture, bootstrap))
        started.write_text(f"#!/bin/sh\nexec {command}\n")
        started.chmod(0o755)
    event, answer = documented_example()
    with lambda_emulator.running(started, SGFLOW_INVENTORY=str(INVENTORY)) as emulator:
        assert emulator.invoke(event) == answer
        assert emulator.invoke(event) == answer, "and once more, warm"


def test_both_architectures_write_the_same(architecture, bootstrap, tmp_path):
    """Also what is compiled for its processor alone: SIMD, gzip, base64, hashes."""
    program = command_of(architecture, bootstrap)
    for options in (["--fields", "+sg_rules,+sgflow_record_id"], ["--format", "classic"]):
        arguments = ["enrich", "--inventory", INVENTORY, *options, REPOSITORY / "examples/flow.log"]
        told, expected = (
            subprocess.run([*map(str, [*command, *arguments])], check=True, capture_output=True)
            for command in (program, [REPOSITORY / "build/release/sgflow"])
        )
        assert told.stdout == expected.stdout and told.stdout


def odd_lines() -> bytes:
    """Records with a byte at each place that a plain one has nowhere: lines are read in blocks, by
    means that each processor has of its own."""
    line = (b"2 111122223333 eni-0a000000000000001 203.0.113.9 192.0.2.5 50000 443 6 10 840"
            b" 1620000000 1620000060 ACCEPT OK")  # fmt: skip
    return b"\n".join(
        line[:place] + bytes([byte]) + line[place:]
        for place in range(len(line) + 1)
        for byte in b' \t"\\~\x01\x1f\x7f\x80\xff,0'
    )


def test_both_architectures_read_the_same(architecture, bootstrap):
    arguments = ["enrich", "--inventory", INVENTORY]
    told, expected = (
        subprocess.run([*map(str, [*command, *arguments])], input=odd_lines(), capture_output=True)
        for command in (command_of(architecture, bootstrap), [REPOSITORY / "build/release/sgflow"])
    )
    assert told.stdout == expected.stdout and told.stdout
    assert told.stderr == expected.stderr and told.returncode == expected.returncode


def test_it_speaks_tls_on_its_architecture(architecture, bootstrap):
    """The first call starts AWS's runtime, with its hand-written assembly; nobody answers it."""
    environment = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret",
                   "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": "https://127.0.0.1:9",
                   "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1"}  # fmt: skip
    told = subprocess.run(
        [*command_of(architecture, bootstrap), "snapshot", "--output", "/dev/null"],
        env={**environment, "PATH": os.environ["PATH"]}, capture_output=True, text=True,
    )  # fmt: skip
    assert told.returncode == 3, told.stderr
    assert "127.0.0.1:9" in told.stderr or "connect" in told.stderr.lower(), told.stderr


def test_the_pages_are_there():
    assert {path.name for path in (FOLDER / "completions").iterdir()} == {
        "sgflow.bash", "_sgflow", "sgflow.fish",
    }  # fmt: skip
    page = FOLDER / "sgflow.1"
    told = subprocess.run(
        ["groff", "-man", "-ww", "-Tutf8", page], check=True, capture_output=True, text=True
    )
    assert told.stderr == ""
    for text in ("SYNOPSIS", "--inventory", "SGFLOW_REINGEST"):
        assert text in re.sub(r"\x1b\[[0-9;]*m|.\x08", "", told.stdout).replace("‐", "-").replace(
            "−", "-"
        )
