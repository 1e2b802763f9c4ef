/* SPDX-License-Identifier: BSD-3-Clause */
/* Series against a plain array, by numbers of every width and pattern, and what they take. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "series.h"

static uint64_t state = 88172645463325252u;
static uint64_t draw(void) { /* xorshift64 */
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

static uint64_t of_pattern(uint32_t pattern, uint32_t i) {
    switch (pattern) {
    case 0: return 7;
    case 1: return 1000 + 3 * (uint64_t)i;
    case 2: return i / 500;
    case 3: return draw() % 78;
    case 4: return UINT64_MAX - draw() % 60000;
    case 5: return draw() % UINT32_MAX;
    case 6: return i % 1000 ? (uint64_t)i << 20 : UINT64_MAX;
    case 7: return UINT64_MAX - i; /* a step below 0 */
    default: return draw();
    }
}

enum { N = 3001, PATTERNS = 9 };

static void test_against_an_array(void **unused) {
    (void)unused;
    static uint64_t plain[N];
    for (uint32_t pattern = 0; pattern < PATTERNS; pattern++) {
        struct series s = {0};
        for (uint32_t i = 0; i < N; i++) {
            plain[i] = of_pattern(pattern, i);
            assert_true(series_add(&s, plain[i]));
            assert_true(series_get(&s, i) == plain[i]);
        }
        for (uint32_t k = 0; k < 2000; k++) {
            uint32_t i = (uint32_t)(draw() % N);
            uint64_t old = plain[i];
            plain[i] = of_pattern(k % PATTERNS, i);
            assert_true(series_set(&s, i, plain[i]));
            if (k % 3 == 0) {
                assert_true(series_set(&s, i, old));
                plain[i] = old;
            }
        }
        size_t before = s.bytes;
        series_settle(&s);
        assert_true(s.bytes < before);
        for (uint32_t i = 0; i < N; i++) {
            assert_true(series_get(&s, i) == plain[i]);
        }
        series_free(&s);
        assert_true(s.n == 0 && s.bytes == 0);
    }
}

/* What is cut off is gone, and what is added then stands in its place. */
static void test_cut(void **unused) {
    (void)unused;
    for (uint32_t cut = 0; cut <= 1300; cut += cut % 256 < 2 || cut % 256 > 254 ? 1 : 127) {
        struct series s = {0};
        for (uint32_t i = 0; i < 1300; i++) {
            assert_true(series_add(&s, i % 7));
        }
        series_cut(&s, cut);
        series_cut(&s, cut + 1);
        assert_int_equal(s.n, cut);
        for (uint32_t i = cut; i < 2000; i++) {
            assert_true(series_add(&s, i));
        }
        for (uint32_t i = 0; i < 2000; i++) {
            assert_true(series_get(&s, i) == (i < cut ? i % 7 : i));
        }
        series_free(&s);
    }
}

static void test_short_ones_settle(void **unused) {
    (void)unused;
    for (uint32_t n = 0; n < 4; n++) {
        struct series s = {0};
        for (uint32_t i = 0; i < n; i++) {
            assert_true(series_add(&s, 5 * i * i));
        }
        series_settle(&s);
        for (uint32_t i = 0; i < n; i++) {
            assert_true(series_get(&s, i) == 5 * i * i);
        }
        assert_true(s.bytes <= 300);
        series_free(&s);
        assert_int_equal(s.bytes, 0);
    }
}

static size_t bytes_of(uint32_t pattern, uint32_t n) {
    struct series s = {0};
    for (uint32_t i = 0; i < n; i++) {
        assert_true(series_add(&s, of_pattern(pattern, i)));
    }
    size_t bytes = s.bytes;
    series_free(&s);
    assert_int_equal(s.bytes, 0);
    return bytes;
}

static void test_memory(void **unused) {
    (void)unused;
    enum { MANY = 100000, OPEN = SERIES_BLOCK * 8 };
    assert_true(bytes_of(0, MANY) < MANY / 4 + OPEN); /* blocks alone */
    assert_true(bytes_of(1, MANY) < MANY / 4 + OPEN);
    assert_true(bytes_of(3, MANY) < 5 * MANY / 4 + OPEN);
    assert_true(bytes_of(4, MANY) < 9 * MANY / 4 + OPEN);
    assert_true(bytes_of(8, MANY) < 33 * MANY / 4 + OPEN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_an_array),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_short_ones_settle),
        cmocka_unit_test(test_memory),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
