/* SPDX-License-Identifier: BSD-3-Clause */
/* small_morphology: what the tests of shapes start from: a context, SWC text, sections by hand. */
#ifndef HK_TESTS_SMALL_MORPHOLOGY_H
#define HK_TESTS_SMALL_MORPHOLOGY_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hillock/morphology.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) ((uint32_t)(sizeof(a) / sizeof(a)[0]))

#define WORKS(ctx, call)                                                                           \
    do {                                                                                           \
        if (call) {                                                                                \
            fail_msg("%s", hk_message(ctx));                                                       \
        }                                                                                          \
    } while (0)

/* Expects a status and a message. */
#define FAILS(ctx, call, status, message)                                                          \
    do {                                                                                           \
        assert_string_equal(hk_status_name(call), #status);                                        \
        assert_string_equal(hk_message(ctx), message);                                             \
    } while (0)

static int make_context(void **state) {
    *state = hk_new();
    return *state ? 0 : -1;
}

static int free_context(void **state) {
    hk_free(*state);
    return 0;
}

/* Adds a cylinder. */
static inline uint32_t cylinder(hk_context *ctx, hk_morph *morph, const char *domain,
                                uint32_t parent, double parent_x, double length_um,
                                double diam_um) {
    struct hk_section_spec spec = {.domain = domain,
                                   .parent = parent,
                                   .parent_x = parent_x,
                                   .length_um = length_um,
                                   .diam_um = diam_um};
    uint32_t index = HK_NONE;
    WORKS(ctx, hk_morph_section(morph, &spec, &index));
    return index;
}

#endif
