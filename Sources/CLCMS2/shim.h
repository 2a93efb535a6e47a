// What Swift's importer cannot see of Little CMS, and why.
#pragma once

#include <lcms2.h>

// Pixel formats are macros over shifts of other macros.
static const cmsUInt32Number burns_cms_rgba_16 = TYPE_RGBA_16;
static const cmsUInt32Number burns_cms_rgb_16 = TYPE_RGB_16;
static const cmsUInt32Number burns_cms_gray_16 = TYPE_GRAY_16;
