"""What each part's figures say, under which title."""

from collections.abc import Callable

from .films import encode_alone, growth, scaling
from .kernels import kernels
from .machine import machine
from .markdown import Section
from .peers import peers
from .presets import presets
from .smoothness import smoothness
from .store import store

SECTIONS: dict[str, tuple[str, Callable[[dict], Section]]] = {
    "machine": ("This machine, CPU against GPU", machine),
    "kernels": ("Resampling beside zimg and libswscale", kernels),
    "encode-alone": ("A film beside encoding its frames", encode_alone),
    "scaling": ("More cores", scaling),
    "growth": ("Longer films", growth),
    "smoothness": ("Smoothness", smoothness),
    "peers": ("What people use", peers),
    "presets": ("Presets for libx264", presets),
    "store": ("Objects, beside rclone and the AWS CLI", store),
}
