"""RESULTS.md, of what is kept of each part's last run, or of what it says already."""

import machine
from earlier import Earlier
from record import Record
from sections import SECTIONS
from sections.machine import has_gpu
from verdict import Verdict


def verdicts(record: Record) -> list[Verdict]:
    """One for each target of a part; and if it went wrong in another way, that."""
    if record.failure:
        return [Verdict("there are no figures", record.failure.rstrip("."), False, "Broke")]
    found = SECTIONS[record.part][1](record.figures)[1]
    if record.status != 0 and all(one.met for one in found):
        found.append(Verdict("it measured all of this", f"then it ended with status {record.status}", False, "Broke"))
    return found


def document(records: dict[str, Record | None], earlier: Earlier, quick: bool) -> str:
    """The whole of it as Markdown."""
    there = [record for record in records.values() if record]
    newest = max(there, key=lambda record: record.began, default=None)
    lines = ["# Results", "", "Written by `make bench`; [README.md](README.md) says what is measured, and how."]
    if quick:
        lines += ["", "**For trying only: too short to mean anything.**"]
    about = {"last run": newest.began, "commit": newest.commit, **newest.machine} if newest else dict(earlier.machine)
    measured = records["machine"]
    if about and not (earlier.measures_gpu if measured is None else has_gpu(measured.figures)):
        about["GPU"] += machine.UNMEASURED
    lines += ["", *(f"- {name}: {text}" for name, text in about.items()), "", *overview(records, earlier)]
    for part, (title, _) in SECTIONS.items():
        lines += ["", f"## {title} (`{part}`)", "", *section(part, records[part], earlier, newest)]
    return "\n".join(lines).rstrip() + "\n"


def overview(records: dict[str, Record | None], earlier: Earlier) -> list[str]:
    """A line for each part."""
    lines = ["| part | run | commit | targets |", "|---|---|---|---|"]
    for part, record in records.items():
        if record is None:
            lines.append(earlier.rows.get(part, f"| {part} | not run | | |"))
            continue
        found = verdicts(record)
        missed = sum(not one.met for one in found)
        state = "broke" if record.failure else "none set" if not found else f"{len(found)} met" if not missed else (
            f"{len(found) - missed} met, **{missed} missed**")
        lines.append(f"| {part} | {record.began} | {record.commit} | {state} |")
    return lines


def unlike(described: dict[str, str], newest: Record) -> list[str]:
    """What of a machine is not as the head of the document says."""
    elsewhere = [f"{name}: {described[name]}" for name, text in newest.machine.items() if described.get(name, text) != text]
    return ["Unlike the above, " + "; ".join(elsewhere) + ".", ""] if elsewhere else []


def section(part: str, record: Record | None, earlier: Earlier, newest: Record | None) -> list[str]:
    """A part's table and verdicts, and when, where and how it was run."""
    if record is None or newest is None:
        lines = earlier.sections.get(part, ["Not run."])
        is_said = newest is None or any(line.startswith("Unlike the above, ") for line in lines)
        return lines if is_said else lines[:2] + unlike(earlier.machine, newest) + lines[2:]
    lines = [f"{record.began}, at {record.commit}, {record.seconds / 60:.1f} minutes: `{record.command}`", ""]
    lines += unlike(record.machine, newest)
    if not record.failure:
        lines += SECTIONS[record.part][1](record.figures)[0]
    found = verdicts(record)
    return lines + ([f"- {one.sentence}" for one in found] or ["No target is set."])
