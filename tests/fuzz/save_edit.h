/* SPDX-License-Identifier: BSD-3-Clause */
/* save_edit: a saved network's file with other bytes in it, with its hash made right again or not;
 * and what holds of any such file: it is refused by a message, and the network stays as it was, or
 * it is taken and the network can run. */
#ifndef HK_TESTS_SAVE_EDIT_H
#define HK_TESTS_SAVE_EDIT_H
#include "hash.h"
#include "hillock/hillock.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAVE_HEADER = 56, SAVE_HASH = 32, SAVE_EDIT = 4 };

/* Makes length and hash those of the bytes. */
static inline void save_rehash(unsigned char *byte, size_t n) {
    struct hash h;
    if (n < SAVE_HEADER + SAVE_HASH) {
        return;
    }
    for (int k = 0; k < 8; k++) {
        byte[16 + k] = (unsigned char)((uint64_t)n >> 8 * k);
    }
    hash_begin(&h);
    hash_add(&h, byte, n - SAVE_HASH);
    hash_end(&h, byte + n - SAVE_HASH);
}

/* Edits of 4 bytes each: where, the lowest byte first, behind the header, and the byte. */
static inline void save_edit(unsigned char *byte, size_t n, const unsigned char *edit,
                             size_t many) {
    for (; many >= SAVE_EDIT; many -= SAVE_EDIT, edit += SAVE_EDIT) {
        size_t at = (size_t)edit[0] | (size_t)edit[1] << 8 | (size_t)edit[2] << 16;
        byte[SAVE_HEADER + at % (n - SAVE_HEADER - SAVE_HASH)] = edit[3];
    }
    save_rehash(byte, n);
}

static inline const char *save_write(const char *path, const unsigned char *byte, size_t n) {
    FILE *file = fopen(path, "wb");
    bool fine = file && fwrite(byte, 1, n, file) == n;
    fine = file && !fclose(file) && fine;
    return fine ? NULL : "a file cannot be written";
}

/* NULL, or what is wrong with how the file was taken. *taken: it was. */
static inline const char *save_try(hk_context *ctx, hk_net *net, const char *path,
                                   const unsigned char *byte, size_t n, bool *taken) {
    const char *wrong = save_write(path, byte, n);
    double before = hk_net_time(net);
    hk_status status = wrong ? HK_OK : hk_net_restore(net, path);
    *taken = !wrong && !status;
    if (wrong) {
        return wrong;
    }
    if (status) {
        return status != HK_SYNTAX && status != HK_INVALID ? "it is refused by another status"
               : !strstr(hk_message(ctx), path)            ? "its message does not name the file"
               : hk_net_time(net) != before                ? "the network is elsewhere"
                                                           : NULL;
    }
    status = hk_net_run(net, hk_net_time(net) + 1);
    return !status || status == HK_DIVERGED || status == HK_INVALID || status == HK_PLUGIN
               ? NULL
               : "it was taken, and cannot run";
}

#endif
