"""The server that contestants move files to and from."""

import json
import os
import subprocess
from collections.abc import Iterator
from typing import Self

import botocore.session
from botocore.config import Config

HERE = os.path.dirname(os.path.abspath(__file__))
COMMANDS = {
    "ceph": [os.path.join(HERE, "..", "..", "Tests", "TestSupport", "Servers", "serve.py"), "ceph"],
    "sink": [os.path.join(HERE, "sink.py")],
}
BUCKET = "burns-bench"
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """On loopback, with objects in memory: Ceph's RADOS gateway, which verifies signatures and hashes as AWS does, or a sink."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __enter__(self) -> Self:
        command = ["/usr/bin/python3", "-B", *COMMANDS[self._kind]]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self._process.stdout.readline()
        if not line:
            raise OSError("the server did not start")
        place = json.loads(line)
        self.endpoint: str = place["endpoint"]
        self.access_key: str = place["access_key"]
        self.secret_key: str = place["secret_key"]
        self._configuration: str | None = place.get("configuration")
        self._client = botocore.session.get_session().create_client(
            "s3", "us-east-1", endpoint_url=self.endpoint, aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key, config=Config(s3={"addressing_style": "path"}))
        self._client.create_bucket(Bucket=BUCKET)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait()

    def sizes(self, prefix: str) -> dict[str, int]:
        """Bytes of what is below a prefix, by the rest of the key."""
        found = {}
        for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix):
            for one in page.get("Contents", []):
                found[one["Key"].removeprefix(prefix)] = one["Size"]
        return found

    def read(self, key: str) -> Iterator[bytes]:
        """An object's content."""
        return self._client.get_object(Bucket=BUCKET, Key=key)["Body"].iter_chunks(1 << 20)

    def empty(self, prefix: str) -> None:
        """Deletes what is below a prefix, and has its memory given back, which the gateway would put off for hours."""
        keys = [{"Key": prefix + name} for name in self.sizes(prefix)]
        for start in range(0, len(keys), 1000):
            self._client.delete_objects(Bucket=BUCKET, Delete={"Objects": keys[start:start + 1000], "Quiet": True})
        for upload in self._client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []):
            self._client.abort_multipart_upload(Bucket=BUCKET, Key=upload["Key"], UploadId=upload["UploadId"])
        if self._configuration is None:
            return
        subprocess.run(
            ["radosgw-admin", "-c", self._configuration, "-n", "client.admin", "gc", "process", "--include-all"],
            stdin=subprocess.DEVNULL, capture_output=True, check=True)

    def cpu_seconds(self) -> float:
        """User and system time of its processes so far."""
        total = 0
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self._process.pid)], capture_output=True, text=True, check=False).stdout.split()
        for process in [str(self._process.pid), *children]:
            with open(f"/proc/{process}/stat", encoding="utf-8") as file:
                fields = file.read().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS
