/* SPDX-License-Identifier: BSD-3-Clause */
/* The target of libFuzzer for the SWC reader; run.sh builds and runs it. */
#include "swc_check.h"
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    hk_context *ctx = hk_new();
    struct swc_check result;
    /* A copy of the exact size, in which the sanitizer sees a byte too far. */
    char *text = malloc(size ? size : 1);
    if (!ctx || !text) {
        abort();
    }
    memcpy(text, data, size);
    const char *wrong = swc_check(ctx, text, size, &result);
    if (wrong) {
        fprintf(stderr, "%s: %s\n", wrong, hk_message(ctx));
        abort();
    }
    free(text);
    hk_free(ctx);
    return 0;
}
