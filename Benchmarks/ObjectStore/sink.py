#!/usr/bin/env python3
"""A stand-in for a server that costs next to nothing: takes every request for granted, and keeps objects in memory.

Verifies nothing: neither signatures nor hashes; ETags are no MD5s. Knows what the contestants ask for and no more. Prints where
it listens as one line of JSON, and ends with its standard input.
"""

import itertools
import json
import os
import re
import socket
import sys
import threading
import urllib.parse
from xml.sax.saxutils import escape

DATE = "Sun, 06 Nov 1994 08:49:37 GMT"


class Objects:
    """All there is, by bucket and key, and what is under way in parts."""

    def __init__(self) -> None:
        self.found: dict[str, bytes | memoryview | bytearray] = {}
        self.uploads: dict[str, dict[int, bytearray]] = {}
        self._numbers = itertools.count()

    def begin(self) -> str:
        upload = f"upload-{next(self._numbers)}"
        self.uploads[upload] = {}
        return upload

    def complete(self, path: str, upload: str) -> None:
        parts = self.uploads.pop(upload)
        self.found[path] = bytearray().join(parts[number] for number in sorted(parts))

    def listing(self, bucket: str, prefix: str, delimiter: str) -> str:
        start = bucket + "/"
        contents, folders = [], set()
        for path, body in sorted(self.found.items()):
            if not path.startswith(start + prefix):
                continue
            key = path[len(start):]
            folder, found, _ = key[len(prefix):].partition(delimiter) if delimiter else ("", "", "")
            if found:
                folders.add(prefix + folder + found)
                continue
            contents.append(
                f"<Contents><Key>{escape(urllib.parse.quote(key))}</Key><Size>{len(body)}</Size><ETag>\"sink-1\"</ETag>"
                "<LastModified>1994-11-06T08:49:37.000Z</LastModified><StorageClass>STANDARD</StorageClass></Contents>")
        contents += [f"<CommonPrefixes><Prefix>{escape(urllib.parse.quote(one))}</Prefix></CommonPrefixes>" for one in folders]
        return (
            f"<ListBucketResult><Name>{bucket[1:]}</Name><IsTruncated>false</IsTruncated><EncodingType>url</EncodingType>"
            f"{''.join(contents)}</ListBucketResult>")


def serve(connection: socket.socket, objects: Objects) -> None:
    """Answers the requests of one connection until it ends."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    rest = b""
    with connection:
        while True:
            while b"\r\n\r\n" not in rest:
                more = connection.recv(1 << 16)
                if not more:
                    return
                rest += more
            head, rest = rest.split(b"\r\n\r\n", 1)
            lines = head.decode("latin-1").split("\r\n")
            method, target, _ = lines[0].split(" ")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            if "expect" in headers:
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            length = int(headers.get("content-length", 0))
            body = bytearray(length)
            taken = min(length, len(rest))
            body[:taken], rest = rest[:taken], rest[taken:]
            view = memoryview(body)
            while taken < length:
                count = connection.recv_into(view[taken:])
                if count == 0:
                    return
                taken += count
            status, fields, answer = respond(objects, method, target, headers, body)
            lines = [f"HTTP/1.1 {status} Status", *fields]
            if not any(field.startswith("Content-Length") for field in fields):
                lines.append(f"Content-Length: {len(answer)}")
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            if method != "HEAD" and answer:
                connection.sendall(answer)


def respond(
    objects: Objects, method: str, target: str, headers: dict[str, str], body: bytearray
) -> tuple[int, list[str], bytes | memoryview]:
    """Status, header lines and body."""
    path, _, text = target.partition("?")
    path = urllib.parse.unquote(path).rstrip("/")
    query = dict(urllib.parse.parse_qsl(text, keep_blank_values=True))
    bucket = "/" + path.split("/")[1]
    if "delete" in query:
        for key in re.findall(r"<Key>(.*?)</Key>", body.decode()):
            objects.found.pop(f"{bucket}/{key}", None)
        return 200, [], b"<DeleteResult/>"
    if "uploads" in query:
        if method == "GET":
            return 200, [], b"<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>"
        return 200, [], f"<R><UploadId>{objects.begin()}</UploadId></R>".encode()
    if "uploadId" in query:
        if method == "POST":
            objects.complete(path, query["uploadId"])
            return 200, [], b"<CompleteMultipartUploadResult><ETag>\"sink-1\"</ETag></CompleteMultipartUploadResult>"
        if method == "DELETE":
            objects.uploads.pop(query["uploadId"], None)
            return 204, [], b""
        objects.uploads[query["uploadId"]][int(query["partNumber"])] = body
        return 200, ['ETag: "sink"'], b""
    if path == bucket:
        answer = objects.listing(bucket, query.get("prefix", ""), query.get("delimiter", "")) if method == "GET" else ""
        return 200, [], answer.encode()
    if method == "PUT":
        objects.found[path] = body
        return 200, ['ETag: "sink-1"'], b""
    found = objects.found.get(path)
    if found is None:
        return 404, [], b"" if method == "HEAD" else b"<Error><Code>NoSuchKey</Code></Error>"
    fields = ['ETag: "sink-1"', f"Last-Modified: {DATE}", "Content-Type: application/octet-stream", "Accept-Ranges: bytes"]
    if method == "HEAD":
        return 200, [*fields, f"Content-Length: {len(found)}"], b""
    if "range" not in headers:
        return 200, fields, memoryview(found)
    first, last = headers["range"].removeprefix("bytes=").split("-")
    start, end = int(first), min(int(last) if last else len(found), len(found) - 1)
    return 206, [*fields, f"Content-Range: bytes {start}-{end}/{len(found)}"], memoryview(found)[start:end + 1]


def main() -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    endpoint = f"http://127.0.0.1:{listener.getsockname()[1]}"
    print(json.dumps({"endpoint": endpoint, "access_key": "sink", "secret_key": "sink"}), flush=True)
    objects = Objects()

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection, objects), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    while os.read(sys.stdin.fileno(), 1 << 10):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
