"""Firehose's PutRecordBatch over plain HTTP on loopback, and what can go wrong with it.

    with FirehoseStub() as firehose:
        firehose.turns += [Throttled(), TakesEvery(3), DiesBehind()]
        ... AWS_ENDPOINT_URL=firehose.url ...
        assert firehose.taken == [b"...", ...]

Each call takes the next of the `turns`; after the last, all is taken. Limits are Firehose's: 500
records and 4 MiB a call, 1,000 KiB a record; a call that is over one is refused as a whole.
"""

import base64
import json
import threading
from dataclasses import dataclass

from servers.quiet_server import QuietHandler, QuietServer

MOST_RECORDS = 500
MOST_BYTES = 4 << 20
MOST_RECORD_BYTES = 1000 << 10


@dataclass
class Refused:
    """An error of the service, for the whole call."""

    status: int
    code: str
    message: str = "told by the stub"


def Throttled():
    return Refused(400, "ThrottlingException", "Rate exceeded")


def Unavailable():
    return Refused(503, "ServiceUnavailableException")


def Denied():
    return Refused(400, "AccessDeniedException", "not authorized to perform this action")


@dataclass
class TakesEvery:
    """One record of so many; 0: none."""

    count: int


class DiesBefore:
    """Reads the call, takes nothing and resets the connection."""


class DiesBehind:
    """Takes all, and resets the connection: nobody is told."""


class Silence:
    """Takes nothing and never answers."""


class FirehoseStub:
    """Serves from the `with` statement on until its end."""

    def __init__(self, stream: str = "flow-logs"):
        self.stream = stream
        self.turns: list = []
        self.taken: list[bytes] = []  # and told so
        self.lost: list[bytes] = []  # taken, but nobody was told
        self.calls: list[int] = []  # records of each
        self.refused: list[str] = []  # calls that were over a limit or made no sense
        self.over = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self):
        self._server = QuietServer(_Handler, self)
        self.url = self._server.url
        self._server.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self._server.stop()

    @property
    def environment(self) -> dict[str, str]:
        """For a program that is to ask here: nothing of the caller's own set-up."""
        return {
            "AWS_ENDPOINT_URL_FIREHOSE": self.url,
            "AWS_ACCESS_KEY_ID": "AKIDOFTHECALLER",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "eu-west-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "NO_PROXY": "127.0.0.1",
        }

    def put(self, request: dict):
        """What is answered: an object, Refused, or a turn that says nothing."""
        records = [base64.b64decode(one["Data"], validate=True) for one in request["Records"]]
        with self._lock:
            self.calls.append(len(records))
            if fault := self._fault(request, records):
                self.refused.append(fault.message)
                return fault
            turn = self.turns.pop(0) if self.turns else TakesEvery(1)
            if isinstance(turn, DiesBehind):
                self.lost += records
            if not isinstance(turn, TakesEvery):
                return turn
            responses = []
            for i, record in enumerate(records):
                if turn.count and i % turn.count == 0:
                    self.taken.append(record)
                    responses.append({"RecordId": str(len(self.taken))})
                else:
                    responses.append({"ErrorCode": "ServiceUnavailableException",
                                      "ErrorMessage": "Slow down."})  # fmt: skip
        failed = sum("ErrorCode" in response for response in responses)
        return {"FailedPutCount": failed, "Encrypted": False, "RequestResponses": responses}

    def _fault(self, request: dict, records: list[bytes]) -> Refused | None:
        if request["DeliveryStreamName"] != self.stream:
            return Refused(400, "ResourceNotFoundException", "there is no such stream")
        if not 1 <= len(records) <= MOST_RECORDS:
            return Refused(400, "ValidationException", f"{len(records)} records")
        if sum(map(len, records)) > MOST_BYTES:
            return Refused(413, "RequestEntityTooLarge", f"{sum(map(len, records))} bytes")
        if max(map(len, records)) > MOST_RECORD_BYTES:
            return Refused(
                400, "ValidationException", f"a record of {max(map(len, records))} bytes"
            )
        return None


class _Handler(QuietHandler):
    def do_POST(self):
        body = self.body()
        signed = "/firehose/aws4_request" in self.headers.get("Authorization", "")
        if not signed or self.headers.get("X-Amz-Target") != "Firehose_20150804.PutRecordBatch":
            return self._reply(400, {"__type": "UnknownOperationException"})
        answer = self.server.stub.put(json.loads(body))
        match answer:
            case Refused():
                self._reply(answer.status, {"__type": answer.code, "message": answer.message})
            case DiesBefore() | DiesBehind():
                self.reset()
            case Silence():
                self.close_connection = True
                self.server.stub.over.wait()
            case _:
                self._reply(200, answer)

    def _reply(self, status: int, value: dict) -> None:
        self.reply(status, json.dumps(value).encode(), "application/x-amz-json-1.1")
