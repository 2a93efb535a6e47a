// Kernels in C, because SwiftPM gives Swift no per-function instruction sets.
#pragma once

#include "frame_kernels.h"
#include "picture_rows.h"
#include "prepare_kernels.h"
