// Vulkan's types, without its functions: those are looked up in the loader at run time, so that Burns starts where there is none.
#pragma once

#define VK_NO_PROTOTYPES
#include <vulkan/vulkan.h>

// Versions are macros over shifts, which Swift's importer leaves out.
static const uint32_t burns_vk_api_version_1_2 = VK_API_VERSION_1_2;
static inline uint32_t burns_vk_version_major(uint32_t version) { return VK_API_VERSION_MAJOR(version); }
static inline uint32_t burns_vk_version_minor(uint32_t version) { return VK_API_VERSION_MINOR(version); }
