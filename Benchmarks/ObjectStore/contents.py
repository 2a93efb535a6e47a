"""The files that are moved, and whether what arrived is the same."""

import filecmp
import hashlib
import os
from collections.abc import Callable, Iterable

PROJECT = "bench"
BLOCK_BYTES = 1 << 20


class Contents:
    """A project's folder of files that no compression makes smaller."""

    def __init__(self, folder: str, count: int, size: int) -> None:
        """Writes `count` files of `size` bytes, and the manifest that makes them a project."""
        self.folder = folder
        self.count = count
        self.size = size
        os.makedirs(f"{folder}/files")
        with open(f"{folder}/manifest.json", "w", encoding="utf-8") as file:
            file.write('{"segments": [{"start": 0, "end": 5, "generated_images": [{"path": "files/0000"}]}]}\n')
        self.names = ["manifest.json", *(f"files/{number:04}" for number in range(count))]
        self._hashes: dict[str, str] | None = None
        for name in self.names[1:]:
            with open(f"{folder}/{name}", "wb") as file:
                for start in range(0, size, BLOCK_BYTES):
                    file.write(os.urandom(min(BLOCK_BYTES, size - start)))

    def sizes(self) -> dict[str, int]:
        """Bytes, by name."""
        return {name: os.path.getsize(f"{self.folder}/{name}") for name in self.names}

    def fault_of_copy(self, folder: str) -> str:
        """What is wrong with what was downloaded; nothing if it is the same."""
        found = sorted(os.path.relpath(f"{place}/{name}", folder) for place, _, names in os.walk(folder) for name in names)
        if found != sorted(self.names):
            return f"has {len(found)} files of {len(self.names)}"
        _, different, unread = filecmp.cmpfiles(self.folder, folder, self.names, shallow=False)
        return f"differs in {(different + unread)[0]}" if different or unread else ""

    def fault_of_objects(self, sizes: dict[str, int], read: Callable[[str], Iterable[bytes]]) -> str:
        """What is wrong with what was uploaded; nothing if it is the same. `read` gives the content of an object."""
        if sizes != self.sizes():
            return f"has {len(sizes)} objects of {len(self.names)}, or some of another size"
        for name, expected in self._hashes_of_files().items():
            found = hashlib.sha256()
            for block in read(name):
                found.update(block)
            if found.hexdigest() != expected:
                return f"differs in {name}"
        return ""

    def _hashes_of_files(self) -> dict[str, str]:
        """SHA-256, by name."""
        if self._hashes is None:
            self._hashes = {}
            for name in self.names:
                with open(f"{self.folder}/{name}", "rb") as file:
                    self._hashes[name] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._hashes
