/* SPDX-License-Identifier: BSD-3-Clause */
/* asc_lex: the tokens of Neurolucida text. */
#ifndef HK_CORE_ASC_LEX_H
#define HK_CORE_ASC_LEX_H
#include "morphology_text.h"

enum asc_kind {
    ASC_END,
    ASC_WORD, /* what begins as a number does; see asc_is_numeric */
    ASC_STRING,
    ASC_OPEN = '(',
    ASC_CLOSE = ')',
    ASC_BAR = '|',
    ASC_SPINE = '<',
    ASC_SPINE_END = '>',
    ASC_BAD = 0x100, /* the context has the message */
};

struct asc_token {
    int kind;         /* enum asc_kind */
    struct span span; /* of a string: without its quotes */
    uint32_t line;
};

/* A place in the text. A copy of it reads the same tokens again. */
struct asc_lex {
    hk_context *ctx;
    const char *name; /* of the file, for messages */
    const char *text;
    size_t at, length;
    uint32_t line; /* from 1 */
};

/* The next token. Blanks, commas and comments lie between tokens. */
struct asc_token asc_next(struct asc_lex *lex);

/* The same without moving on. */
struct asc_token asc_peek(const struct asc_lex *lex);

/* Whether a token is meant to be a number: it begins as one. */
bool asc_is_numeric(struct asc_token token);

/* Whether a token is that text. */
bool asc_is(struct asc_token token, const char *text);

/* For messages: `"S1"`, `(`, `the end of the file`. Returns room. */
enum { ASC_SHOWN = SPAN_SHOWN + 8 };
const char *asc_shown(struct asc_token token, char room[ASC_SHOWN]);

#endif
