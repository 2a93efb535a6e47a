"""A virtual environment with MoviePy, at the versions of requirements.txt.

    moviepy_venv.py FOLDER
"""

import os
import subprocess
import sys
import venv

REQUIREMENTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "requirements.txt")


def python(folder: str) -> str:
    """The environment's interpreter. It is made where there is none, and brought to the pinned versions (from PyPI)."""
    interpreter = os.path.join(os.path.abspath(folder), "bin", "python")
    if not os.path.exists(interpreter):
        venv.create(folder, with_pip=True)
    subprocess.check_call([interpreter, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", REQUIREMENTS])
    return interpreter


if __name__ == "__main__":
    print(python(sys.argv[1]))
