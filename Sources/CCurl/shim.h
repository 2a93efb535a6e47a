// curl_easy_setopt and its siblings are variadic, which Swift cannot call: one function per type of argument.
#pragma once
#include <curl/curl.h>
