"""Firehose as the tests play it: records in the flow log's format go through a stack's function."""

import base64
import collections
import gzip
import json
import re

import pytest
from botocore.exceptions import ClientError
from emulated_stack import ACCOUNT, REGION


def line(cloud, database, stack, source: str, action: str = "ACCEPT", end: int = 1767225660) -> str:
    """A record in the flow log's own format."""
    fields = {
        "version": 9, "account-id": ACCOUNT, "interface-id": database["id"], "srcaddr": source,
        "dstaddr": database["address"], "srcport": 50123, "dstport": 5432, "protocol": 6,
        "packets": 3, "bytes": 180, "start": end - 60, "end": end, "action": action,
        "log-status": "OK", "vpc-id": cloud.vpc, "subnet-id": database["subnet"], "tcp-flags": 2,
        "type": "IPv4", "pkt-srcaddr": source, "pkt-dstaddr": database["address"],
        "region": REGION, "flow-direction": "ingress",
    }  # fmt: skip
    return re.sub(
        r"\$\{([\w-]+)\}",
        lambda found: str(fields.get(found[1], "-")),
        stack.parameters["LogFormat"],
    )


class Firehose:
    """Plays the stream: hands records to the function as it is configured, delivers to S3."""

    def __init__(self, cloud, stack, api):
        described = cloud.client("firehose").describe_delivery_stream(
            DeliveryStreamName=stack.references["Stream"]
        )
        (destination,) = described["DeliveryStreamDescription"]["Destinations"]
        self.s3 = cloud.client("s3")
        self.destination = destination["ExtendedS3DestinationDescription"]
        self.bucket = self.destination["BucketARN"].removeprefix("arn:aws:s3:::")
        (processor,) = self.destination["ProcessingConfiguration"]["Processors"]
        self.processing = {
            one["ParameterName"]: one["ParameterValue"] for one in processor["Parameters"]
        }
        assert self.processing["LambdaArn"] == stack.arns["Function"]
        self.api = api
        self.objects = 0

    def send(self, *messages: str) -> collections.Counter:
        """Results, counted; what is delivered is in S3 then."""
        payloads = [json.dumps({"message": text}).encode() for text in messages]
        assert sum(map(len, payloads)) < float(self.processing["BufferSizeInMBs"]) * 1e6
        event = {"records": [
            {"recordId": str(i), "approximateArrivalTimestamp": 1767225700000,
             "data": base64.b64encode(payload).decode()} for i, payload in enumerate(payloads)]}  # fmt: skip
        answer = self.api.invoke(event)
        assert answer.path.endswith("/response"), answer.body
        records = answer.json()["records"]
        assert [one["recordId"] for one in records] == [str(i) for i in range(len(payloads))]
        delivered = collections.defaultdict(bytes)
        for one in records:
            if one["result"] != "Dropped":
                delivered[self.prefix(one)] += base64.b64decode(one["data"])
        for prefix, data in delivered.items():
            self.objects += 1
            packed = self.destination["CompressionFormat"] == "GZIP"
            self.s3.put_object(
                Bucket=self.bucket,
                Key=f"{prefix}stream-{self.objects}{self.destination['FileExtension']}",
                Body=gzip.compress(data) if packed else data,
            )
        return collections.Counter(one["result"] for one in records)

    def prefix(self, record: dict) -> str:
        if record["result"] == "ProcessingFailed":
            prefix = self.destination["ErrorOutputPrefix"]
            prefix = prefix.replace("!{firehose:error-output-type}", "processing-failed")
        else:
            prefix = self.destination["Prefix"]
        keys = record.get("metadata", {}).get("partitionKeys", {})
        prefix = re.sub(r"!\{partitionKeyFromLambda:(\w+)\}", lambda found: keys[found[1]], prefix)
        return re.sub(r"!\{timestamp:[^}]*\}", "2026/01/01/00", prefix)

    def read(self) -> dict[str, list[dict]]:
        """By the folder of its object: the records."""
        records = collections.defaultdict(list)
        for one in self.s3.list_objects_v2(Bucket=self.bucket, Prefix="records/").get(
            "Contents", []
        ):
            body = self.s3.get_object(Bucket=self.bucket, Key=one["Key"])["Body"].read()
            if one["Key"].endswith(".gz"):
                body = gzip.decompress(body)
            folder = one["Key"].rpartition("/")[0]
            records[folder] += [json.loads(text) for text in body.splitlines()]
        return records


def with_bucket(cloud, stack):
    """The emulator speaks plain HTTP, and the bucket's policy lets nobody in by that."""
    s3, bucket = cloud.client("s3"), stack.references["Bucket"]
    with pytest.raises(ClientError, match="Forbidden"):
        s3.put_object(Bucket=bucket, Key="records/x", Body=b"x")
    s3.delete_bucket_policy(Bucket=bucket)
    return stack
