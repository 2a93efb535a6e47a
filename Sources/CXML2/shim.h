#pragma once

// ICU's headers, which Debian's libxml2 would bring along, are not those that Foundation brings. They complete a type at whose
// inside nobody looks here.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/parser.h>
#include <libxml/tree.h>
