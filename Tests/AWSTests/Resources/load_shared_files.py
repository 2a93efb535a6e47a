"""Reads shared config and credentials files as botocore, under the AWS CLI, does.

Standard input: a JSON list of [config, credentials] texts. Prints a JSON list: `null` where botocore refuses them, otherwise the
profiles, the SSO sessions, and what the default profile alone has.
"""

import json
import os
import sys
import tempfile

import botocore.session
from botocore.exceptions import ConfigParseError


def load(config: str, credentials: str, folder: str) -> dict | None:
    """What botocore makes of two files."""
    paths = {"AWS_CONFIG_FILE": config, "AWS_SHARED_CREDENTIALS_FILE": credentials}
    for name, text in paths.items():
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.environ[name] = path
    try:
        full = botocore.session.Session().full_config
    except ConfigParseError:
        return None
    return {"profiles": full["profiles"], "sso_sessions": full.get("sso_sessions", {})}


def main() -> None:
    """Answers for all of them."""
    with tempfile.TemporaryDirectory() as folder:
        json.dump([load(config, credentials, folder) for config, credentials in json.load(sys.stdin)], sys.stdout)


main()
