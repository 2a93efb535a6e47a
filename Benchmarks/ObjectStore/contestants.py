"""What the contestants are called with, and the settings among which the best are looked for."""

import os
from dataclasses import dataclass

from contents import PROJECT
from server import BUCKET, Server

PREFIX = f"projects/{PROJECT}/"
REMOTE = f"bench:{BUCKET}/{PREFIX}"
URL = f"s3://{BUCKET}/{PREFIX}"


@dataclass(frozen=True)
class Job:
    """Which files, and which way."""

    contents: str
    is_upload: bool
    server: str = "ceph"

    @property
    def name(self) -> str:
        """As "upload of many files, sink"."""
        way = "upload" if self.is_upload else "download"
        return f"{way} of {'1 file' if self.contents == 'one' else 'many files'}{', sink' if self.server == 'sink' else ''}"


JOBS = {
    job.name: job
    for job in (
        *(Job(contents, is_upload) for contents in ("one", "many") for is_upload in (True, False)),
        Job("many", True, "sink"), Job("many", False, "sink"),
    )
}


# What comes down is hashed otherwise, to be compared with the server's ETag.
RCLONE_UNVERIFIED = " --ignore-checksum"
BURNS_UNVERIFIED = "AWS_RESPONSE_CHECKSUM_VALIDATION=when_required"


def rclone_settings(job: Job) -> list[str]:
    """The first is what it does by itself. Checks that cost time are left out in the rest."""
    common, unhashed = "--s3-no-check-bucket", "" if job.is_upload else RCLONE_UNVERIFIED
    if job.contents == "many":
        head = "--s3-no-head" if job.is_upload else "--s3-no-head-object --use-server-modtime"
        return [common, *(f"{common} {head}{unhashed} --fast-list --transfers {n} --checkers {n}" for n in (4, 8, 16, 32))]
    if job.is_upload:
        sizes = [(4, "5M"), (4, "16M"), (8, "16M"), (4, "64M"), (16, "16M")]
        return [
            common,
            *(f"{common} --s3-no-head --s3-disable-checksum --s3-upload-concurrency {n} --s3-chunk-size {s}" for n, s in sizes),
        ]
    return [common, *(f"{common}{unhashed} --multi-thread-cutoff 64M --multi-thread-streams {n}" for n in (2, 8, 16))]


def aws_settings(job: Job) -> list[str]:
    """The first is what it does by itself."""
    if job.contents == "many":
        return ["", *(f"max_concurrent_requests = {n}" for n in (4, 20, 40))]
    sizes = [(4, "16MB"), (8, "64MB"), (20, "8MB")]
    return ["", *(f"max_concurrent_requests = {n}\n  multipart_chunksize = {size}" for n, size in sizes)]


def set_environment(server: Server, folder: str) -> None:
    """What all of them need to find the server, and nothing of the user's own."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "RCLONE_", "BURNS_")):
            del os.environ[name]
    os.environ |= {
        "AWS_ENDPOINT_URL_S3": server.endpoint, "AWS_ACCESS_KEY_ID": server.access_key,
        "AWS_SECRET_ACCESS_KEY": server.secret_key, "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_PAGER": "", "no_proxy": "127.0.0.1",
        "BURNS_STORE": f"s3://{BUCKET}", "BURNS_CACHE": f"{folder}/cache", "HOME": folder, "RCLONE_CONFIG": "",
        "RCLONE_CONFIG_BENCH_TYPE": "s3", "RCLONE_CONFIG_BENCH_PROVIDER": "Ceph",
        "RCLONE_CONFIG_BENCH_ENDPOINT": server.endpoint, "RCLONE_CONFIG_BENCH_ACCESS_KEY_ID": server.access_key,
        "RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY": server.secret_key,
    }


def burns(program: str, job: Job, folder: str) -> list[str]:
    """`folder` is where files are read or written, which is there and empty in the latter case."""
    return [program, "push", folder, "--project", PROJECT, "-q"] if job.is_upload else [program, "pull", PROJECT, folder, "-q"]


def burns_unverified(program: str, job: Job, folder: str) -> list[str]:
    return ["env", BURNS_UNVERIFIED, *burns(program, job, folder)]


def rclone(settings: str, job: Job, folder: str) -> list[str]:
    return ["rclone", "copy", *((folder, REMOTE) if job.is_upload else (REMOTE, folder)), *settings.split()]


def aws(settings: str, job: Job, folder: str, server: Server) -> list[str]:
    """Writes the settings beside the folder: there are no options for them."""
    configuration = f"{os.path.dirname(folder)}/aws-config"
    with open(configuration, "w", encoding="utf-8") as file:
        file.write(f"[default]\ns3 =\n  addressing_style = path\n  {settings}\n")
    places = (folder, URL) if job.is_upload else (URL, folder)
    return [
        "env", f"AWS_CONFIG_FILE={configuration}", "/usr/bin/aws", "--endpoint-url", server.endpoint, "s3", "cp", "--recursive",
        "--only-show-errors", *places,
    ]
