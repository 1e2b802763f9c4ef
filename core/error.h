/* SPDX-License-Identifier: BSD-3-Clause */
/* error: how a core function fails. It returns a code and leaves one message, with place and value,
 * in the context: `return fail(ctx, HK_INVALID, "%s:%u: radius %g is not above 0", file, line, r);`
 */
#ifndef HK_CORE_ERROR_H
#define HK_CORE_ERROR_H
#include "hillock/context.h"

#if defined __GNUC__
#define ERROR_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define ERROR_PRINTF(f, a)
#endif

/* Keeps the message in ctx and returns `status`. The message is one sentence without a final
 * newline. */
hk_status fail(hk_context *ctx, hk_status status, const char *format, ...) ERROR_PRINTF(3, 4);

/* As fail, for memory that could not be had; `what` names what it was for. */
hk_status fail_memory(hk_context *ctx, const char *what);

/* Puts "place: " before the message that is kept, as when a caller knows more of where it happened.
 */
hk_status fail_within(hk_context *ctx, hk_status status, const char *format, ...)
    ERROR_PRINTF(3, 4);

/* For context.c alone: the first room for messages, and its end. */
bool error_open(hk_context *ctx);
void error_close(hk_context *ctx);

#endif
