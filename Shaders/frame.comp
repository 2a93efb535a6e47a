// One plane of a frame: resampled, mixed, rounded to bytes. `ReferenceResampler.swift` says what is computed, to the bit; only
// integers here, and every position comes from the host's tables.
//
// A workgroup makes a tile of `tileWidth` × 8 output samples. For each layer it filters vertically, from the working plane into
// shared memory, the columns that the tile will read; then horizontally, four neighbouring samples an invocation.
#version 450

layout(local_size_x = 16, local_size_y = 8) in;

// Words of shared memory for each of the tile's rows. The host sees to it that a tile's columns fit, and one word more.
layout(constant_id = 0) const uint ROW_WORDS = 512;

// Working planes: rows of int16 samples, two a word, the left one in the low half.
layout(set = 0, binding = 0, std430) readonly restrict buffer FirstPlane { uint words[]; } firstPlane;
layout(set = 0, binding = 1, std430) readonly restrict buffer SecondPlane { uint words[]; } secondPlane;

// An axis is `count` first taps (int32), then `count` phases (uint16, two a word). Coefficients are int16, two a word, `taps` a
// phase.
layout(set = 0, binding = 2, std430) readonly restrict buffer Tables { uint words[]; } tables;

// Rows of bytes, four a word, the left one in the low byte.
layout(set = 0, binding = 3, std430) writeonly restrict buffer Frame { uint words[]; } frame;

struct Layer {
    int weight;         // of 1 << 14
    int width;          // of the working plane, in samples
    int height;
    uint strideWords;
    int boundRow;       // row of the working plane that lies at `boundWord` of the binding
    uint boundWord;
    uint taps;
    uint columns;       // where in the tables the axes and the coefficients begin, in words
    uint rows;
    uint coefficients;
};

layout(push_constant, std430) uniform Dispatch {
    uint width;         // of the output plane, in samples
    uint height;
    uint rowBegin;      // output rows of this dispatch
    uint rowEnd;
    uint frameWord;     // where in the binding row `rowBegin` lies
    uint frameStrideWords;
    uint tileWidth;     // a multiple of 4, at most 64
    int bias;           // black's share of the mix, and the rounding
    uint layerCount;    // 1 or 2
    Layer layers[2];
};

shared uint between[8 * ROW_WORDS];

int low(uint word) { return bitfieldExtract(int(word), 0, 16); }
int high(uint word) { return int(word) >> 16; }
int saturated(int sum) { return clamp(sum >> 14, -32768, 32767); }

int firstTap(uint axis, uint index) { return int(tables.words[axis + index]); }

uint phase(uint axis, uint count, uint index) {
    uint word = tables.words[axis + count + (index >> 1)];
    return (index & 1u) == 0u ? word & 0xFFFFu : word >> 16;
}

// `second` is a constant at each call, so that nothing is left of the choice.
uint planeWord(const bool second, uint at) { return second ? secondPlane.words[at] : firstPlane.words[at]; }

int planeSample(const bool second, uint rowWord, int column) {
    uint word = planeWord(second, rowWord + (uint(column) >> 1));
    return (column & 1) == 0 ? low(word) : high(word);
}

// The vertical pass: working columns `base ..< base + 2 * pairs`, for this invocation's row.
void filterColumns(const bool second, const Layer layer, uint row, int base, uint pairs) {
    int first = firstTap(layer.rows, row);
    uint coefficients = layer.coefficients + phase(layer.rows, height, row) * (layer.taps / 2u);
    bool rowsAreInside = first >= 0 && first + int(layer.taps) <= layer.height;
    for (uint pair = gl_LocalInvocationID.x; pair < pairs; pair += gl_WorkGroupSize.x) {
        int column = base + 2 * int(pair);
        int left = 1 << 13;
        int right = 1 << 13;
        if (rowsAreInside && column >= 0 && column + 1 < layer.width) {
            uint at = layer.boundWord + uint(first - layer.boundRow) * layer.strideWords + (uint(column) >> 1);
            for (uint tap = 0u; tap < layer.taps; tap += 2u) {
                uint weights = tables.words[coefficients + tap / 2u];
                uint upper = planeWord(second, at);
                uint lower = planeWord(second, at + layer.strideWords);
                left += low(upper) * low(weights) + low(lower) * high(weights);
                right += high(upper) * low(weights) + high(lower) * high(weights);
                at += 2u * layer.strideWords;
            }
        } else {
            int leftColumn = clamp(column, 0, layer.width - 1);
            int rightColumn = clamp(column + 1, 0, layer.width - 1);
            for (uint tap = 0u; tap < layer.taps; tap++) {
                uint weights = tables.words[coefficients + tap / 2u];
                int weight = (tap & 1u) == 0u ? low(weights) : high(weights);
                int inside = clamp(first + int(tap), 0, layer.height - 1) - layer.boundRow;
                uint at = layer.boundWord + uint(inside) * layer.strideWords;
                left += planeSample(second, at, leftColumn) * weight;
                right += planeSample(second, at, rightColumn) * weight;
            }
        }
        between[gl_LocalInvocationID.y * ROW_WORDS + pair] =
            (uint(saturated(left)) & 0xFFFFu) | uint(saturated(right)) << 16;
    }
}

// The horizontal pass for one output sample.
int filterRow(const Layer layer, uint column, int base) {
    int offset = firstTap(layer.columns, column) - base;
    uint coefficients = layer.coefficients + phase(layer.columns, width, column) * (layer.taps / 2u);
    uint at = gl_LocalInvocationID.y * ROW_WORDS + (uint(offset) >> 1);
    // A pair of taps lies in one word, or in the upper half of one and the lower half of the next.
    uint shift = (uint(offset) & 1u) * 16u;
    uint mask = 0u - (uint(offset) & 1u);
    uint word = between[at];
    int sum = 1 << 13;
    for (uint pair = 0u; pair < layer.taps / 2u; pair++) {
        uint next = between[at + pair + 1u];
        uint samples = (word >> shift) | (next << 16 & mask);
        uint weights = tables.words[coefficients + pair];
        sum += low(samples) * low(weights) + high(samples) * high(weights);
        word = next;
    }
    return saturated(sum);
}

void addLayer(const bool second, const Layer layer, uint row, uint tileBegin, inout int sums[4]) {
    uint tileLast = min(tileBegin + tileWidth, width) - 1u;
    int base = firstTap(layer.columns, tileBegin) & ~1;
    uint pairs = uint(firstTap(layer.columns, tileLast) + int(layer.taps) - base + 1) >> 1;
    filterColumns(second, layer, row, base, pairs);
    barrier();
    if (gl_LocalInvocationID.x * 4u < tileWidth) {
        for (uint index = 0u; index < 4u; index++) {
            // Past the last column the row's alignment is filled with copies of it.
            uint column = min(tileBegin + gl_LocalInvocationID.x * 4u + index, tileLast);
            sums[index] += layer.weight * filterRow(layer, column, base);
        }
    }
}

void main() {
    // Every invocation takes part up to the last barrier; what lies outside of the plane repeats its edge and is not stored.
    uint blockRow = gl_WorkGroupID.y * gl_WorkGroupSize.y + gl_LocalInvocationID.y;
    uint row = min(rowBegin + blockRow, rowEnd - 1u);
    uint tileColumn = gl_WorkGroupID.x * tileWidth;
    uint tileBegin = min(tileColumn, width - 1u);
    int sums[4] = int[4](bias, bias, bias, bias);
    addLayer(false, layers[0], row, tileBegin, sums);
    if (layerCount > 1u) {
        barrier();
        addLayer(true, layers[1], row, tileBegin, sums);
    }

    uint bytes = 0u;
    for (uint index = 0u; index < 4u; index++) {
        uint value = uint(clamp(((sums[index] >> 14) + 32) >> 6, 0, 255));
        bytes |= value << (8u * index);
    }
    uint wordColumn = tileColumn / 4u + gl_LocalInvocationID.x;
    if (rowBegin + blockRow < rowEnd && gl_LocalInvocationID.x * 4u < tileWidth && wordColumn < frameStrideWords)
        frame.words[frameWord + blockRow * frameStrideWords + wordColumn] = bytes;
}
