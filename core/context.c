/* SPDX-License-Identifier: BSD-3-Clause */
#include "context.h"
#include "error.h"
#include "registry.h"
#include <stdlib.h>

hk_context *hk_new(void) {
    hk_context *ctx = calloc(1, sizeof *ctx);
    if (ctx && !error_open(ctx)) {
        free(ctx);
        return NULL;
    }
    return ctx;
}

void hk_free(hk_context *ctx) {
    if (ctx) {
        registry_free(ctx->registry);
        error_close(ctx);
        free(ctx);
    }
}
