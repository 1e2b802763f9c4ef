/* SPDX-License-Identifier: BSD-3-Clause */
/* context: what one simulation world owns: its last error and its plugins. */
#ifndef HK_CORE_CONTEXT_H
#define HK_CORE_CONTEXT_H
#include "hillock/context.h"

struct registry;

struct hk_context {
    char *message; /* of the last failure; message_room bytes */
    size_t message_room;
    struct registry *registry; /* made at the first use of a plugin */
};

#endif
