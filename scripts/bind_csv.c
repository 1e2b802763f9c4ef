/* SPDX-License-Identifier: BSD-3-Clause */
/* bind_csv: the text of a CSV file as columns: a first line of names, then lines of fields, commas
 * between them, lines ending in LF or CR LF, empty ones passed over; a field in quotes may hold
 * commas, line ends and doubled quotes (RFC 4180). */
#include "bind.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const char *at, *end;
    size_t line; /* of the text, from 1 */
};

struct field {
    const char *at;
    size_t n;
    bool quoted; /* its quotes are doubled */
};

/* The next field of the line, and behind it. False where another one follows in the line. */
static bool read_field(struct reader *r, struct field *f) {
    *f = (struct field){.at = r->at};
    if (r->at < r->end && *r->at == '"') {
        f->at = ++r->at;
        f->quoted = true;
        while (r->at < r->end && (*r->at != '"' || (r->at + 1 < r->end && r->at[1] == '"'))) {
            r->line += *r->at == '\n';
            r->at += *r->at == '"' ? 2 : 1;
        }
        f->n = (size_t)(r->at - f->at);
    }
    while (r->at < r->end && *r->at != ',' && *r->at != '\n')
        r->at++;
    if (!f->quoted)
        f->n = (size_t)(r->at - f->at);
    bool last = r->at >= r->end || *r->at == '\n';
    if (last && !f->quoted && f->n && f->at[f->n - 1] == '\r')
        f->n--;
    r->line += last;
    if (r->at < r->end)
        r->at++;
    return last;
}

/* Passes over empty lines. False at the text's end. */
static bool find_line(struct reader *r) {
    while (r->at < r->end &&
           (*r->at == '\n' || (*r->at == '\r' && r->at + 1 < r->end && r->at[1] == '\n'))) {
        r->at += *r->at == '\r' ? 2 : 1;
        r->line++;
    }
    return r->at < r->end;
}

static void push_field(lua_State *L, const struct field *f) {
    if (!f->quoted || !memchr(f->at, '"', f->n)) {
        lua_pushlstring(L, f->at, f->n);
        return;
    }
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    for (size_t i = 0; i < f->n; i++) {
        luaL_addchar(&b, f->at[i]);
        i += f->at[i] == '"';
    }
    luaL_pushresult(&b);
}

/* Pushes the number that the field is, as tonumber says; nothing and false where it is none. */
static bool push_number(lua_State *L, const struct field *f) {
    char text[256]; /* no number is longer to tonumber, either */
    if (f->n == 0 || f->n >= sizeof text)
        return false;
    memcpy(text, f->at, f->n);
    text[f->n] = '\0';
    return lua_stringtonumber(L, text) == f->n + 1;
}

/* What the recorder csv writes of a number that is none. */
static bool is_odd(const struct field *f, double *x) {
    static const struct {
        const char *text;
        double x;
    } odd[] = {{"nan", (double)NAN}, {"-nan", (double)NAN}, {"inf", HUGE_VAL}, {"-inf", -HUGE_VAL}};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
        if (strlen(odd[i].text) == f->n && memcmp(odd[i].text, f->at, f->n) == 0) {
            *x = odd[i].x;
            return true;
        }
    return false;
}

/* Pushes the list of names; how many there are. */
static size_t read_names(lua_State *L, struct reader *r) {
    size_t n = 0;
    struct field f;
    bool last;
    lua_newtable(L);
    do {
        last = read_field(r, &f);
        push_field(L, &f);
        lua_rawseti(L, -2, (lua_Integer)++n);
    } while (!last);
    return n;
}

/* Of the columns, with those of words marked: where they are on the stack, or their numbers. */
struct table {
    size_t n, rows;
    bool *words;
    struct bind_array **array; /* NULL: tables, the first one at stack index `first` */
    int first;
};

/* Puts a field into its column. */
static void put(lua_State *L, struct table *t, size_t column, const struct field *f) {
    double x;
    if (t->words[column])
        return;
    if (push_number(L, f)) {
        if (t->array) {
            t->array[column]->x[t->rows] = lua_tonumber(L, -1);
            lua_pop(L, 1);
        } else {
            lua_rawseti(L, t->first + (int)column, (lua_Integer)t->rows + 1);
        }
    } else if (t->array && is_odd(f, &x)) {
        t->array[column]->x[t->rows] = x;
    } else {
        t->words[column] = true;
    }
}

/* Reads all rows. 0, or the number of fields in the line at which it stopped. */
static size_t read_rows(lua_State *L, struct reader *r, struct table *t) {
    while (find_line(r)) {
        size_t n = 0, line = r->line;
        struct field f;
        bool last;
        do {
            last = read_field(r, &f);
            if (n++ < t->n)
                put(L, t, n - 1, &f);
        } while (!last);
        if (n != t->n) {
            r->line = line;
            return n;
        }
        t->rows++;
    }
    return 0;
}

/* Reads the columns of words, as lists of strings in place of what there was. */
static void read_words(lua_State *L, struct reader *r, const struct table *t) {
    for (size_t k = 0; k < t->n; k++)
        if (t->words[k]) {
            lua_createtable(L, (int)t->rows, 0);
            lua_replace(L, t->first + (int)k);
        }
    for (size_t row = 1; find_line(r); row++)
        for (size_t k = 0; k < t->n; k++) {
            struct field f;
            read_field(r, &f);
            if (t->words[k]) {
                push_field(L, &f);
                lua_rawseti(L, t->first + (int)k, (lua_Integer)row);
            }
        }
}

/* csv(text, arrays): the names, and the columns: lists of numbers, or arrays where `arrays` says
 * so, or lists of strings where a field is no number. nil, a line's number and how many fields it
 * has, where these are not as many as names. */
static int csv(lua_State *L) {
    size_t n_byte = 0;
    const char *text = luaL_checklstring(L, 1, &n_byte);
    bool arrays = lua_toboolean(L, 2), any = false;
    struct reader r = {.at = text, .end = text + n_byte, .line = 1};
    lua_settop(L, 2);
    struct table t = {.n = read_names(L, &r)};
    struct reader rows = r;
    if (t.n > 100000)
        return bind_fail(L, "read_csv: %zu columns are too many", t.n);
    t.words = bind_scratch(L, t.n, sizeof *t.words);
    memset(t.words, 0, t.n * sizeof *t.words);
    if (arrays)
        t.array = bind_scratch(L, t.n, sizeof(struct bind_array *));
    size_t most = 1;
    for (const char *s = r.at; s < r.end; s++)
        most += *s == '\n';
    luaL_checkstack(L, (int)t.n + 20, "too many columns");
    t.first = lua_gettop(L) + 1;
    for (size_t k = 0; k < t.n; k++)
        if (arrays)
            t.array[k] = bind_array_new(L, most, false);
        else
            lua_createtable(L, most < INT32_MAX ? (int)most : 0, 0);
    size_t fields = read_rows(L, &r, &t);
    if (fields) {
        lua_pushnil(L);
        lua_pushinteger(L, (lua_Integer)r.line);
        lua_pushinteger(L, (lua_Integer)fields);
        return 3;
    }
    for (size_t k = 0; k < t.n; k++) {
        any = any || t.words[k];
        if (arrays)
            t.array[k]->n = t.rows;
    }
    if (any)
        read_words(L, &rows, &t);
    lua_createtable(L, (int)t.n, 0);
    for (size_t k = 0; k < t.n; k++) {
        lua_pushvalue(L, t.first + (int)k);
        lua_rawseti(L, -2, (lua_Integer)k + 1);
    }
    lua_pushvalue(L, 3);
    lua_insert(L, -2);
    return 2;
}

void bind_open_csv(lua_State *L) {
    static const luaL_Reg functions[] = {{"csv", csv}, {NULL, NULL}};
    luaL_setfuncs(L, functions, 0);
}
