/* SPDX-License-Identifier: BSD-3-Clause */
/* mutated: good texts of shapes with random mistakes: each is read or refused, and what comes of it
 * holds together. */
#ifndef HK_TESTS_MUTATED_H
#define HK_TESTS_MUTATED_H
#include "../fuzz/shape_check.h"
#include "small_morphology.h"

enum { MUTATIONS = 10000, ROOM = 4096 };

/* Where the good texts are, and what mistakes are made of. */
struct mutated {
    const struct shape_format *format;
    const char *seed; /* their folder in the source */
    const char *const *seeds, *const *odd;
    const char *letters, *between; /* bytes that come in, and that part words */
    uint32_t n_seed, n_odd;
};

struct text {
    size_t n;
    char at[ROOM];
};

static uint64_t mutated_state = 0x9e3779b97f4a7c15;

static uint32_t below(size_t n) { /* xorshift64*: Vigna, ACM Trans Math Softw 42 (2016) 30 */
    mutated_state ^= mutated_state >> 12;
    mutated_state ^= mutated_state << 25;
    mutated_state ^= mutated_state >> 27;
    return (uint32_t)((mutated_state * 0x2545f4914f6cdd1d >> 33) % n);
}

static void splice(struct text *t, size_t from, size_t drop, const char *text, size_t n) {
    if (from + drop > t->n || t->n - drop + n > ROOM) {
        return;
    }
    char kept[ROOM];
    memcpy(kept, text, n); /* it may be a part of t itself */
    memmove(t->at + from + n, t->at + from + drop, t->n - from - drop);
    memcpy(t->at + from, kept, n);
    t->n = t->n - drop + n;
}

/* The line that the byte `at` is in, its end included. */
static void line_at(const struct text *t, size_t at, size_t *from, size_t *n) {
    size_t end = at;
    while (at && t->at[at - 1] != '\n') {
        at--;
    }
    while (end < t->n && t->at[end++] != '\n') {
    }
    *from = at;
    *n = end - at;
}

static bool is_between(const struct mutated *m, char c) {
    return (c >= 0 && c <= ' ') || strchr(m->between, c);
}

static void odd_word(const struct mutated *m, struct text *t) {
    const char *word = m->odd[below(m->n_odd)];
    size_t at = below(t->n), end;
    while (at && !is_between(m, t->at[at - 1])) {
        at--;
    }
    for (end = at; end < t->n && !is_between(m, t->at[end]); end++) {
    }
    splice(t, at, end - at, word, strlen(word));
}

static void mutate(const struct mutated *m, struct text *t) {
    size_t at = t->n ? below(t->n) : 0, from, n;
    char c = below(4) ? m->letters[below(strlen(m->letters))] : (char)below(256);
    line_at(t, at, &from, &n);
    switch (t->n ? below(8) : 0) {
    case 0: splice(t, at, 0, &c, 1); break;
    case 1: t->at[at] = c; break;
    case 2: splice(t, at, 1 + below(4), "", 0); break;
    case 3: splice(t, from, n, "", 0); break;
    case 4: splice(t, t->n ? below(t->n) : 0, 0, t->at + from, n); break;
    case 5: splice(t, 0, 0, t->at + from, n); break;
    case 6: t->n = below(8) ? t->n : at; break;
    default: odd_word(m, t); break;
    }
}

static void read_seed(const struct mutated *m, const char *name, struct text *out) {
    const char *source = getenv("HILLOCK_SOURCE");
    char path[1000];
    snprintf(path, sizeof path, "%s/%s/%s%s", source ? source : ".", m->seed, name,
             strrchr(m->format->name, '.'));
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    out->n = fread(out->at, 1, ROOM, file);
    assert_true(out->n > 0 && out->n < ROOM / 2);
    fclose(file);
}

static void check_seeds(hk_context *ctx, const struct mutated *m) {
    for (uint32_t i = 0; i < m->n_seed; i++) {
        struct text text;
        struct shape_check result;
        read_seed(m, m->seeds[i], &text);
        const char *wrong = shape_check(ctx, m->format, text.at, text.n, &result);
        if (wrong || !result.good) {
            fail_msg("%s: %s, %s", m->seeds[i], wrong ? wrong : "it is refused", result.message);
        }
    }
}

static void check_mutated(hk_context *ctx, const struct mutated *m) {
    uint32_t good = 0;
    for (uint32_t i = 0; i < MUTATIONS; i++) {
        struct text text;
        struct shape_check result;
        read_seed(m, m->seeds[i % m->n_seed], &text);
        for (uint32_t n = 1 + below(2); n; n--) {
            mutate(m, &text);
        }
        char *exact = malloc(text.n + 1);
        assert_non_null(exact);
        memcpy(exact, text.at, text.n);
        const char *wrong = shape_check(ctx, m->format, exact, text.n, &result);
        free(exact);
        if (wrong) {
            fail_msg("text %u: %s: %s\n%.*s", (unsigned)i, wrong, result.message, (int)text.n,
                     text.at);
        }
        good += result.good;
    }
    print_message("# %u of %d were taken\n", (unsigned)good, MUTATIONS);
    assert_in_range(good, MUTATIONS / 10, MUTATIONS * 9 / 10);
}

#endif
