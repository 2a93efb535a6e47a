"""Signs the requests that come as JSON on standard input with botocore, the signer of the AWS CLI.

Prints a JSON list with one signature for each, or the URL for those that are presigned.
"""

import base64
import datetime
import json
import sys

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


def at(seconds: int) -> None:
    """Sets the time that botocore signs with."""
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    if hasattr(botocore.auth, "get_current_datetime"):
        botocore.auth.get_current_datetime = lambda *_, **__: moment.replace(tzinfo=None)
        return

    class Frozen(datetime.datetime):
        """The class that older versions ask."""

        @classmethod
        def utcnow(cls) -> datetime.datetime:
            return moment.replace(tzinfo=None)

    botocore.auth.datetime.datetime = Frozen


def sign(case: dict) -> str:
    """The signature of one request."""
    credentials = Credentials(case["accessKeyID"], case["secretAccessKey"], case["sessionToken"])
    scope = (credentials, case["service"], case["region"])
    is_s3 = case["service"] == "s3"
    request = AWSRequest(method=case["method"], url=case["url"], data=base64.b64decode(case["body"]))
    for name, value in case["headers"]:
        request.headers[name] = value
    if case["expires"] is None:
        (botocore.auth.S3SigV4Auth if is_s3 else botocore.auth.SigV4Auth)(*scope).add_auth(request)
        return request.headers["Authorization"]
    form = botocore.auth.S3SigV4QueryAuth if is_s3 else botocore.auth.SigV4QueryAuth
    form(*scope, expires=case["expires"]).add_auth(request)
    return request.url


def main() -> None:
    """Signs them all at the time that the first argument gives, in seconds since 1970."""
    at(int(sys.argv[1]))
    json.dump([sign(case) for case in json.load(sys.stdin)], sys.stdout)


main()
