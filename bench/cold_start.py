#!/usr/bin/env python3
"""How long the Lambda function takes from exec to its first request for an invocation.

    bench/cold_start.py [STARTS] [live]

The Runtime API is a bare socket here, so that what is measured is the program: from just before
the process is made to the moment its whole `GET next` has come. `live`: with the live inventory,
else with a small one in a file.
"""

import json
import os
import pathlib
import signal
import socket
import statistics
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
BINARY = pathlib.Path(os.environ.get("SGFLOW_BINARY") or REPOSITORY / "build/release/sgflow")

INVENTORY = {
    "NetworkInterfaces": [
        {
            "NetworkInterfaceId": f"eni-0a{i:015x}",
            "VpcId": "vpc-0a000000000000001",
            "PrivateIpAddress": f"192.0.2.{i + 1}",
            "Groups": [{"GroupId": f"sg-0a{i:015x}"}],
        }
        for i in range(10)
    ],
    "SecurityGroups": [{"GroupId": f"sg-0a{i:015x}"} for i in range(10)],
    "SecurityGroupRules": [
        {
            "SecurityGroupRuleId": f"sgr-0a{i:015x}",
            "GroupId": f"sg-0a{i % 10:015x}",
            "IsEgress": False,
            "IpProtocol": "tcp",
            "FromPort": i,
            "ToPort": i,
            "CidrIpv4": "203.0.113.0/24",
        }
        for i in range(100)
    ],
}


def start_once(listener: socket.socket, inventory: str) -> float:
    """Milliseconds of one start."""
    environment = {
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{listener.getsockname()[1]}",
        "SGFLOW_INVENTORY": inventory,
    }
    silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    begin = time.monotonic()
    process = os.posix_spawn(BINARY, [str(BINARY), "lambda"], environment, file_actions=silent)
    try:
        connection, _ = listener.accept()
        with connection:
            request = b""
            while not request.endswith(b"\r\n\r\n"):
                received = connection.recv(4096)
                if not received:
                    sys.exit("the function went away")
                request += received
            end = time.monotonic()
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    if not request.startswith(b"GET /2018-06-01/runtime/invocation/next "):
        sys.exit(f"the function did not start: {request!r}")
    return 1000 * (end - begin)


def main() -> None:
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with (
        tempfile.NamedTemporaryFile("w") as file,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        listener.settimeout(60)
        json.dump(INVENTORY, file)
        file.flush()
        inventory = "live" if "live" in sys.argv[2:] else file.name
        times = [start_once(listener, inventory) for _ in range(starts)]
    print(
        f"cold start, exec to first `next`, {starts} starts: "
        f"min {min(times):.2f} ms, median {statistics.median(times):.2f} ms, max {max(times):.2f} ms"
    )


if __name__ == "__main__":
    main()
