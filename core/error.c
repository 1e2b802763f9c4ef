/* SPDX-License-Identifier: BSD-3-Clause */
#include "error.h"
#include "context.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_ROOM = 512 }; /* had from the start, so that "out of memory" can always be said */

bool error_open(hk_context *ctx) {
    ctx->message = calloc(1, MESSAGE_ROOM);
    ctx->message_room = MESSAGE_ROOM;
    return ctx->message != NULL;
}

void error_close(hk_context *ctx) {
    free(ctx->message);
}

/* Where the text does not fit and no room can be had, its beginning is kept. */
static void keep(hk_context *ctx, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length < 0) {
        length = 0;
    }
    size_t room = (size_t)length + 1;
    char *text = malloc(room); /* arguments may point into the old message */
    if (text) {
        vsnprintf(text, room, format, again);
        if (room < MESSAGE_ROOM) {
            memcpy(ctx->message, text, room);
            free(text);
        } else {
            free(ctx->message);
            ctx->message = text;
            ctx->message_room = room;
        }
    } else {
        char part[MESSAGE_ROOM];
        vsnprintf(part, sizeof part, format, again);
        memcpy(ctx->message, part, sizeof part); /* there are MESSAGE_ROOM bytes at the least */
    }
    va_end(again);
}

hk_status fail(hk_context *ctx, hk_status status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    keep(ctx, format, arguments);
    va_end(arguments);
    return status;
}

hk_status fail_memory(hk_context *ctx, const char *what) {
    snprintf(ctx->message, ctx->message_room, "no memory for %s", what);
    return HK_NO_MEMORY;
}

hk_status fail_within(hk_context *ctx, hk_status status, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char place[256];
    vsnprintf(place, sizeof place, format, arguments);
    va_end(arguments);
    return fail(ctx, status, "%s: %s", place, ctx->message);
}

const char *hk_message(const hk_context *ctx) {
    return ctx->message;
}

const char *hk_status_name(hk_status status) {
    switch (status) {
#define NAME(name, text)                                                                           \
    case name: return #name;
        HK_STATUS(NAME)
#undef NAME
    }
    return "unknown status";
}

const char *hk_status_text(hk_status status) {
    switch (status) {
#define TEXT(name, text)                                                                           \
    case name: return text;
        HK_STATUS(TEXT)
#undef TEXT
    }
    return "unknown status";
}
