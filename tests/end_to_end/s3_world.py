"""sgflow batch with S3: a bucket of a test's own, and what lies in it."""

import os
import pathlib
import uuid
from dataclasses import dataclass, field

import program


@dataclass
class Bucket:
    client: object  # boto3's
    environment: dict[str, str]  # what leads sgflow there
    name: str = field(default_factory=lambda: f"bucket-{uuid.uuid4()}")

    def __post_init__(self):
        self.client.create_bucket(Bucket=self.name)

    def url(self, key: str = "") -> str:
        return f"s3://{self.name}/{key}"

    def put(self, key: str, body: bytes, **options) -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=body, **options)

    def get(self, key: str) -> bytes:
        return self.client.get_object(Bucket=self.name, Key=key)["Body"].read()

    def keys(self, prefix: str = "") -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.name, Prefix=prefix
        )
        return sorted(o["Key"] for page in pages for o in page.get("Contents", []))

    def tree(self, prefix: str) -> dict[str, tuple[bytes, dict]]:
        """Contents and metadata, by the rest of the key."""
        found = {}
        for key in self.keys(prefix):
            got = self.client.get_object(Bucket=self.name, Key=key)
            found[key[len(prefix) :]] = (got["Body"].read(), got["Metadata"])
        return found

    def unfinished(self) -> list[str]:
        uploads = self.client.list_multipart_uploads(Bucket=self.name)
        return [upload["Key"] for upload in uploads.get("Uploads", [])]

    def remove(self, prefix: str) -> None:
        for key in self.keys(prefix):
            self.client.delete_object(Bucket=self.name, Key=key)

    def run(self, *arguments, environment: dict[str, str] | None = None, **options):
        return program.run(
            *arguments, env={**os.environ, **self.environment, **(environment or {})}, **options
        )

    def batch(self, *arguments, inventory: pathlib.Path, **options) -> program.Outcome:
        return self.run("batch", *arguments, "--inventory", inventory, **options)
