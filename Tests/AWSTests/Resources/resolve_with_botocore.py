"""Finds credentials, region and endpoints as botocore, under the AWS CLI, does.

Standard input: a JSON list of {"variables": the environment, "home": a folder, "profile": as of --profile, or null}. Prints a JSON
list of what each leads to: the keys, the region that is named, and where requests to a bucket and to STS would go. A part that
botocore refuses is "refused". No request leaves the process but those to metadata services on loopback.
"""

# pylint: disable=wrong-import-position
import json
import os
import sys
from urllib.parse import urlsplit

# moto's botocore: Debian's is older than endpoints in the environment and in profiles.
sys.path.insert(0, sys.argv[1])

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.loaders import Loader

LOADER = Loader()


def attempt(work):
    """What work gives, or "refused"."""
    try:
        return work()
    except Exception:  # pylint: disable=broad-exception-caught
        return "refused"


def destination(session, service, region, operation, **parameters):
    """Where a request goes: an address without its query, and the region that it is signed for."""
    client = session.create_client(service, region, config=Config(retries={"total_max_attempts": 1}))
    sent = []

    def answer(request, **_):
        url = urlsplit(request.url)
        scope = request.headers["Authorization"].decode().split("Credential=")[1].split("/")
        sent.append([f"{url.scheme}://{url.netloc}{url.path}", scope[2]])
        return AWSResponse(request.url, 403, {}, None)

    client.meta.events.register("before-send", answer)
    outcome = attempt(lambda: getattr(client, operation)(**parameters))
    return sent[0] if sent else outcome


def resolve(case):
    """All of one configuration."""
    os.environ.clear()
    os.environ.update(case["variables"])
    os.environ["HOME"] = case["home"]
    # The CLI's own ways: a variable that botocore does not read, and the first region by a name of its own.
    os.environ["AWS_S3_US_EAST_1_REGIONAL_ENDPOINT"] = "regional"
    session = botocore.session.Session(profile=case["profile"])
    session.register_component("data_loader", LOADER)

    def keys():
        found = session.get_credentials()
        if found is None:
            return "none"
        frozen = found.get_frozen_credentials()
        return [frozen.access_key, frozen.secret_key, frozen.token or None]

    region = attempt(lambda: os.environ.get("AWS_REGION") or session.get_config_variable("region"))
    sts = attempt(lambda: destination(session, "sts", region, "get_caller_identity"))
    # An endpoint of one's own does not go without a region here.
    if sts == "refused" and region is None:
        sts = attempt(lambda: destination(session, "sts", "us-east-1", "get_caller_identity"))
    return {
        "keys": attempt(keys), "region": region,
        "s3": attempt(
            lambda: destination(session, "s3", region or "us-east-1", "head_object", Bucket="films", Key="a b")),
        "sts": sts,
    }


json.dump([resolve(case) for case in json.load(sys.stdin)], sys.stdout)
