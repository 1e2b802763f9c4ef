/* SPDX-License-Identifier: BSD-3-Clause */
#include "save_file.h"
#include "error.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DIGEST = 32, HEADER = 8 + 4 + 4 + 8 + DIGEST, SECTION = 4 + 4 + 8 };

/* ---- numbers */

static void put_word(unsigned char *to, uint64_t value, int n) {
    for (int k = 0; k < n; k++) {
        to[k] = (unsigned char)(value >> 8 * k);
    }
}

static uint64_t get_word(const unsigned char *from, int n) {
    uint64_t value = 0;
    for (int k = 0; k < n; k++) {
        value |= (uint64_t)from[k] << 8 * k;
    }
    return value;
}

static void flush(struct save_stream *s) {
    hash_add(&s->hash, s->room, s->used);
    fwrite(s->room, 1, s->used, s->file); /* ferror tells */
    s->used = 0;
}

static void write_bytes(struct save_stream *s, const void *bytes, uint64_t n) {
    const unsigned char *from = bytes;
    while (n) {
        size_t some = sizeof s->room - s->used < n ? sizeof s->room - s->used : (size_t)n;
        memcpy(s->room + s->used, from, some);
        s->used += some;
        from += some;
        n -= some;
        if (s->used == sizeof s->room) {
            flush(s);
        }
    }
}

/* The next n bytes of the file; NULL where there are fewer. */
static const unsigned char *take(struct save_stream *s, uint64_t n) {
    if (n > s->left) {
        s->is_short = true;
        s->left = 0;
        return NULL;
    }
    const unsigned char *at = s->at;
    s->at += n;
    s->left -= n;
    return at;
}

const void *save_bytes(struct save_stream *s, const void *bytes, uint64_t n) {
    switch (s->way) {
    case SAVE_COUNT: s->length += n; return bytes;
    case SAVE_WRITE: write_bytes(s, bytes, n); return bytes;
    default: return take(s, n);
    }
}

uint64_t save_word(struct save_stream *s, uint64_t value) {
    unsigned char word[8];
    put_word(word, value, 8);
    const unsigned char *at = save_bytes(s, word, 8);
    return at ? get_word(at, 8) : 0;
}

static uint64_t bits_of(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

double save_double(struct save_stream *s, double value) {
    uint64_t bits = save_word(s, bits_of(value));
    memcpy(&value, &bits, sizeof value);
    return value;
}

void save_value(struct save_stream *s, double *value) {
    double x = save_double(s, *value);
    if (s->way == SAVE_READ) {
        *value = x;
    }
}

hk_status save_damaged(const struct save_stream *s, const char *how) {
    return fail(s->ctx, HK_SYNTAX, "%s: it is damaged: %s", s->path, how);
}

/* ---- writing */

static hk_status cannot_write(const struct save_stream *s, int why) {
    return fail(s->ctx, HK_FILE, "%s: it cannot be written: %s", s->path,
                strerror(why ? why : EIO));
}

static hk_status count(struct save_stream *s, const struct save_part *part, void *all,
                       uint64_t *length) {
    s->way = SAVE_COUNT;
    s->length = 0;
    hk_status status = part->pass(s, all);
    *length = s->length;
    s->way = SAVE_WRITE;
    return status;
}

static void write_number(struct save_stream *s, uint64_t value, int n) {
    unsigned char word[8];
    put_word(word, value, n);
    write_bytes(s, word, (uint64_t)n);
}

static hk_status write_all(struct save_stream *s, const unsigned char digest[DIGEST],
                           const struct save_part *part, const uint64_t *length, uint32_t n_part,
                           void *all) {
    uint64_t total = HEADER + DIGEST;
    for (uint32_t k = 0; k < n_part; k++) {
        total += SECTION + length[k];
    }
    hash_begin(&s->hash);
    write_bytes(s, SAVE_MAGIC, 8);
    write_number(s, SAVE_VERSION, 4);
    write_number(s, 0, 4);
    write_number(s, total, 8);
    write_bytes(s, digest, DIGEST);
    for (uint32_t k = 0; k < n_part; k++) {
        write_bytes(s, part[k].name, 4);
        write_number(s, 0, 4);
        write_number(s, length[k], 8);
        hk_status status = part[k].pass(s, all);
        if (status) {
            return status;
        }
    }
    flush(s);
    unsigned char hash[DIGEST];
    hash_end(&s->hash, hash);
    fwrite(hash, 1, sizeof hash, s->file);
    return HK_OK;
}

/* Writes PATH.part, which is whole on disk then. */
static hk_status write_part(struct save_stream *s, const char *name,
                            const unsigned char digest[DIGEST], const struct save_part *part,
                            const uint64_t *length, uint32_t n_part, void *all) {
    s->file = fopen(name, "wb");
    if (!s->file) {
        return cannot_write(s, errno);
    }
    errno = 0;
    hk_status status = write_all(s, digest, part, length, n_part, all);
    if (!status && (ferror(s->file) || fflush(s->file) || fsync(fileno(s->file)))) {
        status = cannot_write(s, errno);
    }
    if (fclose(s->file) && !status) {
        status = cannot_write(s, errno);
    }
    return status;
}

hk_status save_file_write(hk_context *ctx, const char *path, const unsigned char digest[DIGEST],
                          const struct save_part *part, uint32_t n_part, void *all) {
    struct save_stream *s = calloc(1, sizeof *s);
    uint64_t *length = calloc((size_t)n_part + 1, sizeof *length);
    size_t size = strlen(path) + sizeof ".part";
    char *name = malloc(size);
    hk_status status = s && length && name ? HK_OK : fail_memory(ctx, "a network's file");
    if (!status) {
        snprintf(name, size, "%s.part", path);
        s->ctx = ctx;
        s->path = path;
    }
    for (uint32_t k = 0; !status && k < n_part; k++) {
        status = count(s, &part[k], all, &length[k]);
    }
    if (!status) {
        status = write_part(s, name, digest, part, length, n_part, all);
        if (!status && rename(name, path)) {
            status = cannot_write(s, errno);
        }
        if (status && s->file) {
            remove(name);
        }
    }
    free(s);
    free(length);
    free(name);
    return status;
}

/* ---- reading */

static hk_status slurp(hk_context *ctx, const char *path, struct save_file *out) {
    FILE *file = fopen(path, "rb");
    uint64_t room = 0;
    if (!file) {
        return fail(ctx, HK_FILE, "%s: it cannot be read: %s", path, strerror(errno));
    }
    errno = 0;
    for (size_t n = 1; n;) {
        if (out->length == room) {
            room = room ? 2 * room : 1 << 16;
            unsigned char *byte = realloc(out->byte, room);
            if (!byte) {
                fclose(file);
                return fail_memory(ctx, "a network's file");
            }
            out->byte = byte;
        }
        n = fread(out->byte + out->length, 1, room - out->length, file);
        out->length += n;
    }
    int why = ferror(file) ? (errno ? errno : EIO) : 0;
    fclose(file);
    return why ? fail(ctx, HK_FILE, "%s: it cannot be read: %s", path, strerror(why)) : HK_OK;
}

static hk_status check_whole(hk_context *ctx, const char *path, const struct save_file *file) {
    const unsigned char *byte = file->byte;
    if (file->length < 8 || memcmp(byte, SAVE_MAGIC, 8) != 0) {
        return fail(ctx, HK_SYNTAX, "%s: it is no saved network", path);
    }
    if (file->length < HEADER + DIGEST) {
        return fail(ctx, HK_SYNTAX, "%s: it is cut short, after %" PRIu64 " bytes", path,
                    file->length);
    }
    uint64_t version = get_word(byte + 8, 4), length = get_word(byte + 16, 8);
    if (version != SAVE_VERSION) {
        return fail(ctx, HK_SYNTAX,
                    "%s: it is a saved network of version %" PRIu64
                    ", and this hillock (" HK_VERSION ") reads version %d",
                    path, version, SAVE_VERSION);
    }
    if (file->length < length) {
        return fail(ctx, HK_SYNTAX, "%s: it is cut short: %" PRIu64 " of %" PRIu64 " bytes", path,
                    file->length, length);
    }
    unsigned char hash[DIGEST];
    struct hash h;
    hash_begin(&h);
    hash_add(&h, byte, file->length - DIGEST);
    hash_end(&h, hash);
    if (file->length > length || memcmp(hash, byte + file->length - DIGEST, DIGEST) != 0) {
        return fail(ctx, HK_SYNTAX, "%s: it has been altered: it is not what its SHA-256 is of",
                    path);
    }
    return HK_OK;
}

hk_status save_file_open(hk_context *ctx, const char *path, struct save_file *out) {
    *out = (struct save_file){.byte = NULL};
    hk_status status = slurp(ctx, path, out);
    if (!status) {
        status = check_whole(ctx, path, out);
    }
    if (status) {
        save_file_close(out);
    } else {
        memcpy(out->digest, out->byte + HEADER - DIGEST, DIGEST);
    }
    return status;
}

void save_file_close(struct save_file *file) {
    free(file->byte);
    *file = (struct save_file){.byte = NULL};
}

/* One section, which ends where its part does. */
static hk_status pass_section(struct save_stream *s, const struct save_part *part, void *all) {
    const unsigned char *header = take(s, SECTION);
    if (!header || memcmp(header, part->name, 4) != 0 || get_word(header + 4, 4) != 0) {
        return save_damaged(s, "a section is missing");
    }
    uint64_t length = get_word(header + 8, 8), rest = s->left;
    if (length > rest) {
        return save_damaged(s, "a section is longer than the file");
    }
    s->left = length;
    hk_status status = part->pass(s, all);
    if (!status && (s->is_short || s->left)) {
        status = save_damaged(s, "a section has another length than the network needs");
    }
    s->left = rest - length;
    return status;
}

hk_status save_file_pass(hk_context *ctx, const char *path, const struct save_file *file,
                         enum save_way way, const struct save_part *part, uint32_t n_part,
                         void *all) {
    struct save_stream *s = calloc(1, sizeof *s);
    if (!s) {
        return fail_memory(ctx, "a network's file");
    }
    s->ctx = ctx;
    s->path = path;
    s->way = way;
    s->at = file->byte + HEADER;
    s->left = file->length - HEADER - DIGEST;
    hk_status status = HK_OK;
    for (uint32_t k = 0; !status && k < n_part; k++) {
        status = pass_section(s, &part[k], all);
    }
    if (!status && s->left) {
        status = save_damaged(s, "there is more in it than its sections");
    }
    free(s);
    return status;
}
