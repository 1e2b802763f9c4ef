/* SPDX-License-Identifier: BSD-3-Clause */
/* Good SWC files with random mistakes: each is read or refused, and what comes of it holds
 * together. */
#include "../fuzz/swc_check.h"
#include "small_morphology.h"

enum { MUTATIONS = 10000, ROOM = 4096 };

static const char *const seeds[] = {"one_point", "three_points", "contour", "domains", "disorder"};

struct text {
    size_t n;
    char at[ROOM];
};

static uint64_t state = 0x9e3779b97f4a7c15;

static uint32_t below(size_t n) { /* xorshift64*: Vigna, ACM Trans Math Softw 42 (2016) 30 */
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * 0x2545f4914f6cdd1d >> 33) % n);
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

static void odd_number(struct text *t) {
    static const char *const odd[] = {"-1",         "0",           "1",     "2",    "3",   "1e400",
                                      "1e-320",     "nan",         "inf",   "-0",   "1.5", "0x10",
                                      "2147483648", "-2147483649", "99999", "1001", "1e9", "",
                                      "1,5",        "+",           ".",     "5#"};
    const char *word = odd[below(sizeof odd / sizeof *odd)];
    size_t at = below(t->n), end;
    while (at && t->at[at - 1] > ' ') {
        at--;
    }
    for (end = at; end < t->n && t->at[end] > ' '; end++) {
    }
    splice(t, at, end - at, word, strlen(word));
}

static void mutate(struct text *t) {
    static const char letters[] = "0123456789.-+eE \t\r\n#:naifx";
    size_t at = t->n ? below(t->n) : 0, from, n;
    char c = below(4) ? letters[below(sizeof letters - 1)] : (char)below(256);
    line_at(t, at, &from, &n);
    switch (t->n ? below(8) : 0) {
    case 0: splice(t, at, 0, &c, 1); break;
    case 1: t->at[at] = c; break;
    case 2: splice(t, at, 1 + below(4), "", 0); break;
    case 3: splice(t, from, n, "", 0); break;
    case 4: splice(t, t->n ? below(t->n) : 0, 0, t->at + from, n); break;
    case 5: splice(t, 0, 0, t->at + from, n); break;
    case 6: t->n = below(8) ? t->n : at; break;
    default: odd_number(t); break;
    }
}

static void read_seed(const char *name, struct text *out) {
    const char *source = getenv("HILLOCK_SOURCE");
    char path[1000];
    snprintf(path, sizeof path, "%s/tests/fuzz/swc/%s.swc", source ? source : ".", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    out->n = fread(out->at, 1, ROOM, file);
    assert_true(out->n > 0 && out->n < ROOM / 2);
    fclose(file);
}

static void test_seeds_are_good(void **ctx) {
    for (uint32_t i = 0; i < COUNT(seeds); i++) {
        struct text text;
        struct swc_check result;
        read_seed(seeds[i], &text);
        const char *wrong = swc_check(*ctx, text.at, text.n, &result);
        if (wrong || !result.good) {
            fail_msg("%s: %s, %s", seeds[i], wrong ? wrong : "it is refused", result.message);
        }
    }
}

static void test_mutated(void **ctx) {
    uint32_t good = 0;
    for (uint32_t i = 0; i < MUTATIONS; i++) {
        struct text text;
        struct swc_check result;
        read_seed(seeds[i % COUNT(seeds)], &text);
        for (uint32_t n = 1 + below(2); n; n--) {
            mutate(&text);
        }
        char *exact = malloc(text.n + 1);
        assert_non_null(exact);
        memcpy(exact, text.at, text.n);
        const char *wrong = swc_check(*ctx, exact, text.n, &result);
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_seeds_are_good, make_context, free_context),
        cmocka_unit_test_setup_teardown(test_mutated, make_context, free_context),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
