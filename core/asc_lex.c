/* SPDX-License-Identifier: BSD-3-Clause */
#include "asc_lex.h"
#include "error.h"
#include <stdio.h>
#include <string.h>

static bool is_end(char c) {
    return c == '\n' || c == '\r';
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == ',' || c == '\f' || is_end(c);
}

static bool is_word(char c) {
    return c > ' ' && c < 127 && !strchr("()|<>,;\"", c);
}

/* Lines end with LF, CR LF or CR. */
static void skip_byte(struct asc_lex *lex) {
    char c = lex->text[lex->at++];
    bool within = c == '\r' && lex->at < lex->length && lex->text[lex->at] == '\n';
    lex->line += is_end(c) && !within;
}

static void skip_blanks(struct asc_lex *lex) {
    static const char mark[] = "\xef\xbb\xbf"; /* of UTF-8, which some editors put first */
    if (lex->at == 0 && lex->length >= 3 && memcmp(lex->text, mark, 3) == 0) {
        lex->at = 3;
    }
    while (lex->at < lex->length && (is_blank(lex->text[lex->at]) || lex->text[lex->at] == ';')) {
        if (lex->text[lex->at] == ';') {
            while (lex->at < lex->length && !is_end(lex->text[lex->at])) {
                lex->at++;
            }
        } else {
            skip_byte(lex);
        }
    }
}

static struct asc_token bad(const struct asc_lex *lex, struct asc_token token) {
    fail_within(lex->ctx, HK_SYNTAX, "%s:%u", lex->name, (unsigned)token.line);
    token.kind = ASC_BAD;
    return token;
}

/* A string ends on its line. */
static struct asc_token read_string(struct asc_lex *lex, struct asc_token token) {
    token.kind = ASC_STRING;
    token.span.text++;
    lex->at++;
    while (lex->at < lex->length && lex->text[lex->at] != '"' && !is_end(lex->text[lex->at])) {
        lex->at++, token.span.length++;
    }
    if (lex->at == lex->length || lex->text[lex->at] != '"') {
        fail(lex->ctx, HK_SYNTAX, "a string has no closing \"");
        return bad(lex, token);
    }
    lex->at++;
    return token;
}

struct asc_token asc_next(struct asc_lex *lex) {
    skip_blanks(lex);
    struct asc_token token = {.kind = ASC_END, .span = {lex->text + lex->at, 0}, .line = lex->line};
    if (lex->at == lex->length) {
        return token;
    }
    char c = lex->text[lex->at];
    if (c == '"') {
        return read_string(lex, token);
    }
    if (is_word(c)) {
        token.kind = ASC_WORD;
        while (lex->at < lex->length && is_word(lex->text[lex->at])) {
            lex->at++, token.span.length++;
        }
    } else if (c > ' ' && c < 127) {
        token.kind = c;
        lex->at++, token.span.length++;
    } else {
        fail(lex->ctx, HK_SYNTAX, "byte 0x%02x outside of strings and comments",
             (unsigned)(unsigned char)c);
        return bad(lex, token);
    }
    return token;
}

struct asc_token asc_peek(const struct asc_lex *lex) {
    struct asc_lex copy = *lex;
    return asc_next(&copy);
}

bool asc_is_numeric(struct asc_token token) {
    return token.kind == ASC_WORD && strchr("+-.0123456789", *token.span.text);
}

bool asc_is(struct asc_token token, const char *text) {
    return token.span.length == strlen(text) && !memcmp(token.span.text, text, token.span.length);
}

const char *asc_shown(struct asc_token token, char room[ASC_SHOWN]) {
    char text[SPAN_SHOWN + 4];
    span_shown(token.span, text);
    if (token.kind == ASC_END) {
        strcpy(room, "the end of the file");
    } else {
        snprintf(room, ASC_SHOWN, token.kind <= ASC_STRING ? "\"%s\"" : "%s", text);
    }
    return room;
}
