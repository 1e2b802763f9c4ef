/* SPDX-License-Identifier: BSD-3-Clause */
/* SHA-256 against the examples of FIPS 180-4 and another implementation; in pieces, and of files.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "hash.h"

static const char empty[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static void test_known(void **state) {
    (void)state;
    static const struct {
        const char *text, *hash;
    } known[] = {
        {"", empty},
        {"abc", abc},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
         "lmnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char hex[65];
        hk_hash(known[i].text, strlen(known[i].text), hex);
        assert_string_equal(hex, known[i].hash);
    }
}

static void finish(struct hash *h, char hex[65]) {
    unsigned char digest[32];
    hash_end(h, digest);
    hash_hex(digest, hex);
}

static void test_million(void **state) {
    (void)state;
    struct hash h;
    char hex[65], part[1000];
    memset(part, 'a', sizeof part);
    hash_begin(&h);
    for (int i = 0; i < 1000; i++) {
        hash_add(&h, part, sizeof part);
    }
    finish(&h, hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Lengths around those at which the padding takes another block, of the bytes 0, 1, 2, ... */
static void test_lengths(void **state) {
    (void)state;
    static const struct {
        size_t n;
        const char *hash;
    } known[] = {
        {1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
        {55, "463eb28e72f82e0a96c0a4cc53690c571281131f672aa229e0d45ae59b598b59"},
        {56, "da2ae4d6b36748f2a318f23e7ab1dfdf45acdc9d049bd80e59de82a60895f562"},
        {63, "29af2686fd53374a36b0846694cc342177e428d1647515f078784d69cdb9e488"},
        {64, "fdeab9acf3710362bd2658cdc9a29e8f9c757fcf9811603a8c447cd1d9151108"},
        {65, "4bfd2c8b6f1eec7a2afeb48b934ee4b2694182027e6d0fc075074f2fabb31781"},
        {119, "da18797ed7c3a777f0847f429724a2d8cd5138e6ed2895c3fa1a6d39d18f7ec6"},
        {120, "f52b23db1fbb6ded89ef42a23ce0c8922c45f25c50b568a93bf1c075420bbb7c"},
        {128, "471fb943aa23c511f6f72f8d1652d9c880cfa392ad80503120547703e56a2be5"},
    };
    unsigned char bytes[256];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)i;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char hex[65];
        hk_hash(bytes, known[i].n, hex);
        assert_string_equal(hex, known[i].hash);
        for (size_t cut = 0; cut <= known[i].n; cut++) { /* the same in two pieces */
            struct hash h;
            hash_begin(&h);
            hash_add(&h, bytes, cut);
            hash_add(&h, bytes + cut, known[i].n - cut);
            finish(&h, hex);
            assert_string_equal(hex, known[i].hash);
        }
    }
}

static void test_file(void **state) {
    (void)state;
    char path[] = "/tmp/hillock-hash-XXXXXX", hex[65], wanted[65];
    int file = mkstemp(path);
    assert_true(file >= 0);
    hk_context *ctx = hk_new();
    assert_int_equal(hash_file(ctx, path, hex), HK_OK);
    assert_string_equal(hex, empty);
    size_t n = 200001; /* more than one read */
    char *text = malloc(n);
    assert_non_null(text);
    for (size_t i = 0; i < n; i++) {
        text[i] = (char)(i * i % 251);
    }
    assert_int_equal(write(file, text, n), n);
    close(file);
    assert_int_equal(hk_hash_file(ctx, path, hex), HK_OK);
    hk_hash(text, n, wanted);
    assert_string_equal(hex, wanted);
    free(text);
    unlink(path);
    hk_free(ctx);
}

static void test_missing_file(void **state) {
    (void)state;
    char hex[65];
    hk_context *ctx = hk_new();
    assert_int_equal(hash_file(ctx, "/nowhere/at/all", hex), HK_FILE);
    assert_string_equal(hk_message(ctx), "/nowhere/at/all: No such file or directory");
    assert_int_equal(hash_file(ctx, "/tmp", hex), HK_FILE);
    assert_string_equal(hk_message(ctx), "/tmp: Is a directory");
    hk_free(ctx);
}

int main(void) {
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),        cmocka_unit_test(test_million),
        cmocka_unit_test(test_lengths),      cmocka_unit_test(test_file),
        cmocka_unit_test(test_missing_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
