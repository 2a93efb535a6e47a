// What glibc has and Swift's Glibc module leaves out.
#pragma once

// Extended attributes.
#include <sys/types.h>
#include <sys/xattr.h>

/// Blocks of 128 KiB and more (pictures, frames) are mapped one by one from now on, and go back to the system when they are
/// freed. glibc by itself raises that limit with every such block that is freed, and keeps the heap that it then grows.
void burns_map_large_blocks(void);

/// Columns of the terminal behind a descriptor; 0 where it does not say (`ioctl` is variadic).
int burns_terminal_columns(int descriptor);

/// `pipe2` with O_CLOEXEC: a pipe that no program started meanwhile inherits.
int burns_pipe(int ends[2]);

/// A new file without a name in a folder; -1 where the file system has none such.
int burns_open_unnamed(const char *folder);

/// Brings all that was written to a descriptor's file system to the disk; -1 where that fails.
int burns_flush_file_system(int descriptor);
