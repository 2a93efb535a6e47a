"""What may be added to a sample before it is cut to 8 bits: patterns that are fixed to the screen."""

import numpy

# 63/64 of a code value are what a sample of Burns' frames has below the point.
STEPS = 64
BLUE_SIDE = 64


def thresholds() -> dict[str, numpy.ndarray]:
    """For each kind of rounding a tile of what is added, in 1/64 code values, before the fraction is cut off."""
    bayer = bayer_matrix()
    return {
        "none": numpy.full((8, 8), STEPS // 2),
        "bayer": bayer,
        "bayer/2": STEPS // 4 + bayer // 2,
        "blue": blue_noise(),
    }


def apply(samples: numpy.ndarray, tile: numpy.ndarray) -> numpy.ndarray:
    """8-bit samples of a plane given in 1/64 code values."""
    height, width = samples.shape
    repeats = (-(-height // tile.shape[0]), -(-width // tile.shape[1]))
    added = numpy.tile(tile, repeats)[:height, :width]
    return numpy.clip((samples.astype(numpy.int32) + added) >> 6, 0, 255).astype(numpy.uint8)


def bayer_matrix() -> numpy.ndarray:
    """8x8, each of 0…63 once."""
    matrix = numpy.zeros((1, 1), int)
    for _ in range(3):
        matrix = numpy.block([[4 * matrix, 4 * matrix + 2], [4 * matrix + 3, 4 * matrix + 1]])
    return matrix


def blue_noise() -> numpy.ndarray:
    """64x64, each of 0…63 equally often, without low frequencies: by void and cluster (Ulichney 1993), always the same."""
    side = BLUE_SIDE
    y, x = numpy.meshgrid(*(numpy.minimum(numpy.arange(side), side - numpy.arange(side)),) * 2, indexing="ij")
    energy = numpy.exp(-(x * x + y * y) / (2 * 1.9**2))

    def around(position: int) -> numpy.ndarray:
        return numpy.roll(energy, divmod(position, side), (0, 1)).ravel()

    count = side * side
    on = numpy.zeros(count, bool)
    on[numpy.random.default_rng(1).choice(count, count // 10, replace=False)] = True
    field = sum(around(position) for position in numpy.flatnonzero(on))
    while True:
        cluster = int(numpy.argmax(numpy.where(on, field, -numpy.inf)))
        on[cluster] = False
        field = field - around(cluster)
        void = int(numpy.argmin(numpy.where(on, numpy.inf, field)))
        on[void] = True
        field = field + around(void)
        if void == cluster:
            break
    ranks = numpy.zeros(count, int)
    left, rest = on.copy(), field.copy()
    for rank in range(int(on.sum()) - 1, -1, -1):
        cluster = int(numpy.argmax(numpy.where(left, rest, -numpy.inf)))
        left[cluster] = False
        rest = rest - around(cluster)
        ranks[cluster] = rank
    for rank in range(int(on.sum()), count):
        void = int(numpy.argmin(numpy.where(on, numpy.inf, field)))
        on[void] = True
        field = field + around(void)
        ranks[void] = rank
    return (ranks * STEPS // count).reshape(side, side)
