#!/usr/bin/python3
"""Runs a server that speaks S3 for as long as its parent lives: serve.py ceph | serve.py moto PACKAGES

Prints one line of JSON on standard output when the server answers, then waits for the end of standard input. That comes when the
parent closes it or dies, however it dies; then the server is stopped and all that it has written is removed. Everything listens on
127.0.0.1 only, on ports that are free.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

ACCESS_KEY = "burnstest"
SECRET_KEY = "burnstestsecret"
# Every client finds what is below localhost at 127.0.0.1, curl by itself.
CEPH_DOMAIN = "s3.localhost"
PR_SET_PDEATHSIG = 1


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on at the moment."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Servers:
    """Processes that end with this one, and their folder."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="burns-test-server-"))
        self.processes: list[subprocess.Popen[bytes]] = []
        self._libc = ctypes.CDLL(None)

    def start(self, name: str, command: list[str], **environment: str) -> None:
        """Starts a process whose output goes to a file of its name."""
        with open(self.folder / f"{name}.out", "wb") as output:
            self.processes.append(
                subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                    env={**os.environ, **environment},
                    preexec_fn=lambda: self._libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)))

    def wait_for(self, url: str, seconds: float) -> None:
        """Waits until somebody answers there, whatever the answer."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                urllib.request.urlopen(url, timeout=5)
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                if any(process.poll() is not None for process in self.processes):
                    break
                time.sleep(0.05)
        logs = "".join(path.read_text(errors="replace")[-2000:] for path in sorted(self.folder.glob("*.out")))
        raise RuntimeError(f"no answer at {url}\n{logs}")

    def stop(self) -> None:
        """Ends all and removes their folder."""
        for process in reversed(self.processes):
            process.kill()
        for process in self.processes:
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_moto(servers: Servers, packages: str) -> dict[str, str]:
    """moto's server: knows nearly all of S3, and verifies nothing."""
    [port] = free_ports(1)
    servers.start(
        "moto", [sys.executable, "-B", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], PYTHONPATH=packages,
        HOME=str(servers.folder))
    endpoint = f"http://127.0.0.1:{port}"
    servers.wait_for(f"{endpoint}/moto-api/", 60)
    return {"endpoint": endpoint}


def start_ceph(servers: Servers) -> dict[str, str]:
    """Ceph's RADOS gateway with one monitor and one storage daemon in memory: verifies what AWS verifies."""
    folder = servers.folder
    for name in ["mon", "osd", "run", "rgw"]:
        (folder / name).mkdir()
    cluster, osd = str(uuid.uuid4()), str(uuid.uuid4())
    port, monitor_v2, monitor_v1 = free_ports(3)
    library = f"/usr/lib/{os.uname().machine}-linux-gnu"
    configuration = folder / "ceph.conf"
    configuration.write_text(
        f"""[global]
fsid = {cluster}
mon initial members = a
mon host = [v2:127.0.0.1:{monitor_v2},v1:127.0.0.1:{monitor_v1}]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms mon client mode = crc
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
mon allow pool size one = true
osd pool default pg num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 4294967296
plugin dir = {library}/ceph
osd class dir = {library}/rados-classes
erasure code dir = {library}/ceph/erasure-code
run dir = {folder}/run
admin socket = {folder}/run/$name.asok
log file = {folder}/$name.log
mon cluster log file = {folder}/cluster.log
mon data = {folder}/mon
osd data = {folder}/osd
mon data avail crit = 1
""")
    conf = ["-c", str(configuration)]

    def call(*command: str) -> None:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")

    monitors = f"[v2:127.0.0.1:{monitor_v2},v1:127.0.0.1:{monitor_v1}]"
    call("monmaptool", "--create", "--fsid", cluster, "--addv", "a", monitors, f"{folder}/monmap")
    call("ceph-mon", "--mkfs", "-i", "a", "--monmap", f"{folder}/monmap", *conf)
    servers.start("mon", ["ceph-mon", "-f", "-i", "a", *conf])
    call("ceph-osd", "-i", "0", "--mkfs", "--no-mon-config", *conf, "--osd-uuid", osd)
    call("/usr/bin/python3", "/usr/bin/ceph", *conf, "osd", "new", osd)
    servers.start("osd", ["ceph-osd", "-f", "-i", "0", *conf])
    servers.start(
        "rgw",
        ["radosgw", "-d", "-n", "client.admin", *conf, "--ms_mon_client_mode=crc", f"--rgw_data={folder}/rgw",
         f"--rgw_frontends=beast endpoint=127.0.0.1:{port}", f"--rgw_dns_name={CEPH_DOMAIN}"])
    endpoint = f"http://127.0.0.1:{port}"
    servers.wait_for(endpoint, 90)
    call(
        "radosgw-admin", *conf, "-n", "client.admin", "user", "create", "--uid=burns", "--display-name=burns",
        f"--access-key={ACCESS_KEY}", f"--secret-key={SECRET_KEY}")
    return {"endpoint": endpoint, "domain": CEPH_DOMAIN, "configuration": str(configuration)}


def main() -> None:
    """Starts what is asked for, says where it is, and waits."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    servers = Servers()
    try:
        found = start_ceph(servers) if sys.argv[1] == "ceph" else start_moto(servers, sys.argv[2])
        print(json.dumps({**found, "access_key": ACCESS_KEY, "secret_key": SECRET_KEY}), flush=True)
        while os.read(0, 1 << 10):
            pass
    finally:
        servers.stop()


if __name__ == "__main__":
    main()
