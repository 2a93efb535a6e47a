#!/usr/bin/env python3
"""Runs a command and prints what it took, as JSON.

A process of its own: a command starts as its parent's double, whose memory would count as the command's.
"""

import json
import os
import sys
from dataclasses import asdict

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Peers"))
import measure  # noqa: E402

if __name__ == "__main__":
    print(json.dumps(asdict(measure.run(sys.argv[1:]))))
