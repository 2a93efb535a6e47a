// Functions of which glibc has a version newer than what make-bundle allows, and the older one that is taken instead: the linker
// gives what asks for NAME __wrap_NAME (--wrap).

// The versions of 2.35 no longer tell a program's matherr of errors, which is all that they differ in.
double older_hypot(double x, double y);
__asm__(".symver older_hypot, hypot@GLIBC_2.2.5");
double __wrap_hypot(double x, double y) { return older_hypot(x, y); }

float older_hypotf(float x, float y);
__asm__(".symver older_hypotf, hypotf@GLIBC_2.2.5");
float __wrap_hypotf(float x, float y) { return older_hypotf(x, y); }
