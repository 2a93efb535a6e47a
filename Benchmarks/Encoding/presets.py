"""Burns' presets of x264, read from the source that ships them, and what is tried beside them."""

import re

from trial import Contestant

SOURCE = "Sources/Media/X264Preset.swift"


def read() -> dict[str, list[tuple[str, str]]]:
    """Each preset's parameters by its name; run from the repository's root."""
    with open(SOURCE, encoding="utf-8") as file:
        text = file.read()
    lists = {
        name: re.findall(r'^ +\("([^"]+)", "([^"]+)"\)', body, re.MULTILINE)
        for name, body in re.findall(r"static let (\w+) = \[\n(.*?)\n    \]", text, re.DOTALL)
    }
    names = dict(re.findall(r'case (\w+) = "([^"]+)"', text))
    parts = re.findall(r"case \.(\w+): Self\.common \+ Self\.(\w+)", text)
    if len(parts) != len(names) or not parts:
        raise SystemExit(f"{SOURCE} does not read as expected")
    return {names[case]: lists["common"] + lists[part] for case, part in parts}


def contestant(name: str, parameters: list[tuple[str, str]]) -> Contestant:
    """A contestant with these parameters over the presets' base."""
    return Contestant(name, "veryfast", ":".join(f"{key}={value}" for key, value in parameters))


def finalists() -> list[Contestant]:
    """Stock presets and ours. `medium` is the measure; without its psychovisual rate-distortion it is the harder one."""
    stock = [Contestant("medium", "medium"), Contestant("medium, psy=0", "medium", "psy=0"), Contestant("veryfast", "veryfast")]
    return stock + [contestant(name, parameters) for name, parameters in read().items()]


def variations() -> list[Contestant]:
    """`ken-burns` with one option at a time set otherwise."""
    base = read()["ken-burns"]
    changes = [
        {"bframes": "3"}, {"bframes": "4"}, {"bframes": "7"}, {"b-pyramid": "none"}, {"b-adapt": "1"}, {"b-adapt": "2"},
        {"direct": "temporal"}, {"direct": "auto"}, {"weightp": "0"},
        {"partitions": "none"}, {"partitions": "p8x8,i8x8"}, {"partitions": "p8x8,i8x8,i4x4"}, {"partitions": "p8x8,b8x8,i8x8"}, {"8x8dct": "0"},
        {"deadzone-inter": "21", "deadzone-intra": "11"}, {"deadzone-inter": "6", "deadzone-intra": "3"}, {"no-dct-decimate": "0"},
        {"trellis": "1"}, {"aq-mode": "0"}, {"aq-mode": "1"}, {"aq-mode": "2"}, {"aq-mode": "2", "aq-strength": "1"}, {"aq-strength": "0.5"}, {"aq-strength": "1"},
        {"qcomp": "0.4"}, {"qcomp": "0.6"}, {"mbtree": "0"}, {"rc-lookahead": "5"}, {"rc-lookahead": "20"}, {"deblock": "0,0"},
        {"subme": "1"}, {"subme": "2"}, {"subme": "3"}, {"subme": "5"}, {"subme": "6", "psy": "0"}, {"subme": "6"}, {"me": "hex"}, {"ref": "2"},
        {"no-chroma-me": "1"}, {"keyint": "24"},
    ]
    return [contestant("ken-burns", base)] + [
        contestant(", ".join(f"{key}={value}" for key, value in change.items()), list((dict(base) | change).items())) for change in changes
    ]
