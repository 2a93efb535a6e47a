"""A peer's frames of one shot, before encoding, to standard output as YUV4MPEG2: what burns-smoothness measures.

    frames.py PEER SHOTS [PYTHON]

SHOTS: a JSON array of one shot, as shots.py writes it. PYTHON: the interpreter that has MoviePy.
"""

import os
import sys

import contestants
from shots import from_json

if __name__ == "__main__":
    peer, described, *rest = sys.argv[1:]
    command = contestants.frames(peer, from_json(described)[0], *(rest or [sys.executable]))
    os.execvp(command[0], command)
