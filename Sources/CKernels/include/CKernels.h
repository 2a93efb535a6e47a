#pragma once

#include "picture_rows.h"
