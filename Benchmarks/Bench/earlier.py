"""The RESULTS.md that is there: parts whose figures are not kept here, as in another clone, stay as it has them."""

import re
from dataclasses import dataclass, field

import machine


@dataclass
class Earlier:
    """What a RESULTS.md says of its last run and machine, and of each part: its line of the overview, and its section without the title."""

    machine: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    sections: dict[str, list[str]] = field(default_factory=dict)
    measures_gpu: bool = False


def read(path: str) -> Earlier:
    """Nothing, where there is no such file."""
    earlier = Earlier()
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except FileNotFoundError:
        return earlier
    part = ""
    for line in lines:
        if title := re.fullmatch(r"## .* \(`([\w-]+)`\)", line):
            part = title[1]
            earlier.sections[part] = []
        elif part:
            earlier.sections[part].append(line)
        elif fact := re.fullmatch(r"- ([^:]+): (.*)", line):
            earlier.machine[fact[1]] = fact[2]
        elif row := re.fullmatch(r"\| ([\w-]+) \| .* \|", line):
            earlier.rows[row[1]] = line
    gpu = earlier.machine.get("GPU", machine.UNMEASURED)
    earlier.measures_gpu = not gpu.endswith(machine.UNMEASURED)
    if gpu != machine.UNMEASURED:
        earlier.machine["GPU"] = gpu.removesuffix(machine.UNMEASURED)
    for body in earlier.sections.values():
        while body and not body[0]:
            body.pop(0)
        while body and not body[-1]:
            body.pop()
    return earlier
