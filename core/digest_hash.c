/* SPDX-License-Identifier: BSD-3-Clause */
#include "digest_hash.h"
#include "error.h"
#include "hillock/registry.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void digest_begin(struct digest *d, hk_context *ctx) {
    *d = (struct digest){.ctx = ctx};
    hash_begin(&d->hash);
}

hk_status digest_end(struct digest *d, unsigned char out[32]) {
    hash_end(&d->hash, out);
    free(d->plugin);
    return d->status;
}

/* ---- numbers */

static void put_word(unsigned char *to, uint64_t value, uint32_t n) {
    for (uint32_t k = 0; k < n; k++) {
        to[k] = (unsigned char)(value >> 8 * k);
    }
}

void digest_words(struct digest *d, const uint64_t *value, uint64_t n) {
    enum { SOME = 64 };
    unsigned char some[8 * SOME];
    for (uint64_t at = 0; at < n; at += SOME) {
        uint32_t many = n - at < SOME ? (uint32_t)(n - at) : SOME;
        for (uint32_t k = 0; k < many; k++) {
            put_word(some + 8 * k, value[at + k], 8);
        }
        hash_add(&d->hash, some, 8 * (size_t)many);
    }
}

void digest_word(struct digest *d, uint64_t value) {
    digest_words(d, &value, 1);
}

void digest_double(struct digest *d, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    digest_words(d, &bits, 1);
}

void digest_doubles(struct digest *d, const double *value, uint64_t n) {
    enum { SOME = 64 };
    uint64_t bits[SOME];
    for (uint64_t at = 0; at < n; at += SOME) {
        uint64_t many = n - at < SOME ? n - at : SOME;
        memcpy(bits, value + at, many * sizeof *bits);
        digest_words(d, bits, many);
    }
}

void digest_text(struct digest *d, const char *text) {
    digest_word(d, strlen(text));
    hash_add(&d->hash, text, strlen(text));
}

void digest_list(struct digest *d, struct hk_list list, uint32_t width) {
    digest_word(d, list.rows);
    digest_doubles(d, list.value, (uint64_t)list.rows * (width ? width : 1));
}

/* ---- series: as progressions, or distances from the least */

static void add_even(struct digest *d, uint64_t first, uint64_t step) {
    unsigned char bytes[17] = {0};
    put_word(bytes + 1, first, 8);
    put_word(bytes + 9, step, 8);
    hash_add(&d->hash, bytes, sizeof bytes);
}

static void add_block(struct digest *d, const uint64_t *value, uint32_t n) {
    uint64_t least = value[0], most = value[0], step = n > 1 ? value[1] - value[0] : 0;
    bool even = true;
    for (uint32_t k = 1; k < n; k++) {
        even = even && value[k] - value[k - 1] == step;
        least = value[k] < least ? value[k] : least;
        most = value[k] > most ? value[k] : most;
    }
    if (even) {
        add_even(d, value[0], step);
        return;
    }
    uint64_t span = most - least;
    uint32_t width = span > UINT32_MAX ? 8 : span > UINT16_MAX ? 4 : span > UINT8_MAX ? 2 : 1;
    unsigned char bytes[9 + 8 * SERIES_BLOCK];
    bytes[0] = (unsigned char)width;
    put_word(bytes + 1, least, 8);
    for (uint32_t k = 0; k < n; k++) {
        put_word(bytes + 9 + (size_t)k * width, value[k] - least, width);
    }
    hash_add(&d->hash, bytes, 9 + (size_t)width * n);
}

void digest_series(struct digest *d, const struct series *series,
                   uint64_t (*number)(void *data, uint64_t value), void *data) {
    uint64_t value[SERIES_BLOCK];
    digest_word(d, series->n);
    for (uint32_t at = 0; at < series->n; at += SERIES_BLOCK) {
        uint32_t n = series->n - at < SERIES_BLOCK ? series->n - at : SERIES_BLOCK;
        const struct series_block *block = &series->block[at / SERIES_BLOCK];
        if (!block->width && (!number || block->of.step == 0)) { /* as add_block would have it */
            add_even(d, number ? number(data, block->base) : block->base, block->of.step);
            continue;
        }
        for (uint32_t k = 0; k < n; k++) {
            uint64_t own = series_get(series, at + k);
            value[k] = number ? number(data, own) : own;
        }
        add_block(d, value, n);
    }
}

/* ---- plugins */

/* Whether a line of the source includes a file that is not hillock's, of its own folder. */
static bool includes_own(const char *text) {
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += strspn(line, " \t\r\n");
        if (*line != '#') {
            continue;
        }
        const char *word = line + 1 + strspn(line + 1, " \t");
        if (strncmp(word, "include", 7) != 0) {
            continue;
        }
        word += 7 + strspn(word + 7, " \t");
        if (*word == '"' && strncmp(word + 1, "hillock/", 8) != 0) {
            return true;
        }
    }
    return false;
}

/* The text of a file; NULL where it cannot be read. */
static char *read_text(const char *path) {
    FILE *file = fopen(path, "rb");
    size_t n = 0, room = 0;
    char *text = NULL;
    for (size_t some = 1; file && some; n += some) {
        if (room - n < 2) {
            room = room ? 2 * room : 1 << 14;
            char *more = realloc(text, room);
            if (!more) {
                break;
            }
            text = more;
        }
        some = fread(text + n, 1, room - n - 1, file);
    }
    bool fine = file && feof(file) && !ferror(file);
    if (file) {
        fclose(file);
    }
    if (!fine) {
        free(text);
        return NULL;
    }
    text[n] = 0;
    return text;
}

/* The hash of its source NAME.c beside NAME.so; false where it cannot stand for the plugin. */
static bool hash_source(const char *object, char hex[65]) {
    size_t n = strlen(object);
    char *path = n > 3 && !strcmp(object + n - 3, ".so") ? strdup(object) : NULL;
    if (!path) {
        return false;
    }
    strcpy(path + n - 2, "c");
    char *text = read_text(path);
    bool fine = text && !includes_own(text);
    if (fine) {
        hk_hash(text, strlen(text), hex);
    }
    free(text);
    free(path);
    return fine;
}

static void add_content(struct digest *d, const struct hk_plugin *plugin) {
    struct hk_plugin_info info;
    char hex[65];
    hk_status status = hk_plugin_about(d->ctx, plugin, &info);
    if (status) {
        d->status = d->status ? d->status : status;
        return;
    }
    digest_text(d, plugin->name);
    digest_text(d, hash_source(info.path, hex) ? hex : info.hash);
}

void digest_plugin(struct digest *d, const struct hk_plugin *plugin) {
    uint32_t k = 0;
    while (k < d->n_plugin && d->plugin[k] != plugin) {
        k++;
    }
    digest_word(d, k);
    if (k < d->n_plugin) {
        return;
    }
    if (k == d->room_plugin) {
        uint32_t room = d->room_plugin ? 2 * d->room_plugin : 16;
        const struct hk_plugin **more = realloc(d->plugin, room * sizeof(*more));
        if (!more) {
            d->status = fail_memory(d->ctx, "a network's digest");
            return;
        }
        d->plugin = more;
        d->room_plugin = room;
    }
    d->plugin[d->n_plugin++] = plugin;
    add_content(d, plugin);
}
