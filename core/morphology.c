/* SPDX-License-Identifier: BSD-3-Clause */
#include "morphology.h"
#include "asc.h"
#include "context.h"
#include "error.h"
#include "swc.h"
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t FILE_LIMIT = (size_t)1 << 30;
static const struct hk_section NO_SECTION = {.parent = HK_NONE};

static char *copy_text(hk_morph *morph, const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = arena_take(&morph->arena, size, 1);
    return copy ? memcpy(copy, text, size) : NULL;
}

void *morphology_room(void *array, size_t *room, size_t used, size_t size) {
    if (used < *room) {
        return array;
    }
    size_t more = *room ? *room * 2 : 16;
    void *moved = realloc(array, more * size);
    *room = moved ? more : *room;
    return moved;
}

hk_status hk_morph_new(hk_context *ctx, const char *name, hk_morph **out) {
    *out = NULL;
    hk_morph *morph = calloc(1, sizeof *morph);
    if (!morph) {
        return fail_memory(ctx, "a morphology");
    }
    morph->ctx = ctx;
    morph->name = copy_text(morph, name ? name : "morphology");
    if (!morph->name) {
        hk_morph_free(morph);
        return fail_memory(ctx, "a morphology");
    }
    *out = morph;
    return HK_OK;
}

void hk_morph_free(hk_morph *morph) {
    if (morph) {
        free(morph->section);
        free(morph->word);
        free(morph->report);
        table_free(&morph->words);
        arena_free(&morph->arena);
        free(morph);
    }
}

uint32_t hk_morph_sections(const hk_morph *morph) {
    return morph->n_section;
}

struct hk_section hk_morph_get(const hk_morph *morph, uint32_t i) {
    return i < morph->n_section ? morph->section[i] : NO_SECTION;
}

void morphology_arc(const struct hk_section *section, double *arc) {
    arc[0] = 0;
    for (uint32_t i = 1; i < section->n_point; i++) {
        const float *a = section->point[i - 1], *b = section->point[i];
        double x = (double)(b[0] - a[0]), y = (double)(b[1] - a[1]), z = (double)(b[2] - a[2]);
        arc[i] = arc[i - 1] + sqrt(x * x + y * y + z * z);
    }
}

/* Length, and the mean diameter along it, of a section with points. */
static void measure(struct hk_section *section) {
    double length = 0, sum = 0;
    for (uint32_t i = 1; i < section->n_point; i++) {
        double arc[2];
        morphology_arc(&(struct hk_section){.n_point = 2, .point = section->point + i - 1}, arc);
        length += arc[1];
        sum += arc[1] * ((double)section->point[i - 1][3] + (double)section->point[i][3]) / 2;
    }
    section->length_um = length;
    section->diam_um = sum / length;
}

/* The word's index, made if need be; HK_NONE where memory is short. */
static uint32_t find_word(hk_morph *morph, const char *text) {
    uint64_t hash = table_hash_text(0, text);
    for (uint32_t at = 0, i; (i = table_next(&morph->words, hash, &at)) != HK_NONE;) {
        if (strcmp(morph->word[i].text, text) == 0) {
            return i;
        }
    }
    char *copy = copy_text(morph, text);
    struct morphology_word *word =
        morphology_room(morph->word, &morph->word_room, morph->n_word, sizeof *word);
    morph->word = word ? word : morph->word;
    if (!copy || !word || !table_reserve(&morph->words, 1)) {
        return HK_NONE;
    }
    word[morph->n_word] = (struct morphology_word){.text = copy};
    table_add(&morph->words, hash, morph->n_word);
    return morph->n_word++;
}

hk_status morphology_add(hk_morph *morph, const char *type_name,
                         const struct hk_section_spec *spec) {
    uint32_t type = find_word(morph, type_name), domain = find_word(morph, spec->domain);
    char *name = arena_take(&morph->arena, strlen(type_name) + 16, 1);
    float(*point)[4] = arena_take(&morph->arena, spec->n_point, sizeof *point);
    struct hk_section *room =
        morphology_room(morph->section, &morph->section_room, morph->n_section, sizeof *room);
    morph->section = room ? room : morph->section;
    if (type == HK_NONE || domain == HK_NONE || !name || !point || !room) {
        return fail_memory(morph->ctx, "a section");
    }
    sprintf(name, "%s[%u]", type_name, (unsigned)morph->word[type].as_type);
    struct hk_section section = {.name = name,
                                 .type_name = morph->word[type].text,
                                 .domain = morph->word[domain].text,
                                 .type = spec->type,
                                 .parent = spec->parent,
                                 .parent_x = spec->parent_x,
                                 .length_um = spec->length_um,
                                 .diam_um = spec->diam_um};
    if (spec->n_point) {
        memcpy(point, spec->point, spec->n_point * sizeof *point);
        section.n_point = spec->n_point;
        section.point = (const float(*)[4])point;
        measure(&section);
    }
    if (!(section.length_um > 0) || !isfinite(section.length_um) || !isfinite(section.diam_um)) {
        return fail(morph->ctx, HK_INVALID, "%s: its points are %s", name,
                    section.length_um == 0 ? "all at one place: it has no length"
                                           : "too far apart for single precision");
    }
    morph->section[morph->n_section++] = section;
    morph->word[type].as_type++;
    morph->word[domain].as_domain++;
    free(morph->report);
    morph->report = NULL;
    return HK_OK;
}

hk_status morphology_copy(const hk_morph *morph, hk_morph **out) {
    hk_status status = hk_morph_new(morph->ctx, morph->name, out);
    if (status) {
        return status;
    }
    hk_morph *copy = *out;
    for (uint32_t i = 0; i < morph->n_section && !status; i++) {
        const struct hk_section *s = &morph->section[i];
        struct hk_section_spec spec = {.domain = s->domain,
                                       .type = s->type,
                                       .parent = s->parent,
                                       .parent_x = s->parent_x,
                                       .length_um = s->length_um,
                                       .diam_um = s->diam_um,
                                       .n_point = s->n_point,
                                       .point = s->point};
        status = morphology_add(copy, s->type_name, &spec);
    }
    if (!status && morph->origin && !(copy->origin = copy_text(copy, morph->origin))) {
        status = fail_memory(morph->ctx, "a morphology");
    }
    if (status) {
        hk_morph_free(copy);
        *out = NULL;
    }
    return status;
}

/* ---- sections by hand */

bool morphology_is_name(const char *text) {
    size_t length = strlen(text);
    bool fine = length > 0 && length <= MORPHOLOGY_NAME;
    for (size_t i = 0; fine && i < length; i++) {
        char c = text[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        fine = letter || (i > 0 && ((c >= '0' && c <= '9') || c == '_'));
    }
    return fine;
}

static hk_status check_points(hk_morph *morph, const struct hk_section_spec *spec) {
    if (spec->n_point == 1) {
        return fail(
            morph->ctx, HK_INVALID,
            "a section has one point; it needs two or more, or none and length_um and diam_um");
    }
    for (uint32_t i = 0; i < spec->n_point; i++) {
        const float *p = spec->point[i];
        if (!isfinite(p[0]) || !isfinite(p[1]) || !isfinite(p[2])) {
            return fail(morph->ctx, HK_INVALID,
                        "point %u of a section is at (%g, %g, %g) um, not finite", (unsigned)i,
                        (double)p[0], (double)p[1], (double)p[2]);
        }
        if (!(p[3] > 0) || !isfinite(p[3])) {
            return fail(morph->ctx, HK_INVALID,
                        "point %u of a section has diameter %g um, not above 0", (unsigned)i,
                        (double)p[3]);
        }
    }
    return HK_OK;
}

static hk_status check_parent(hk_morph *morph, const struct hk_section_spec *spec) {
    if (spec->parent == HK_NONE) {
        return morph->n_section == 0 ? HK_OK
                                     : fail(morph->ctx, HK_INVALID,
                                            "%s has its root already, %s; a section needs a parent",
                                            morph->name, morph->section[0].name);
    }
    if (spec->parent >= morph->n_section) {
        return fail(morph->ctx, HK_INVALID,
                    "parent %u of a section does not exist; %s has %u sections, counted from 0",
                    (unsigned)spec->parent, morph->name, (unsigned)morph->n_section);
    }
    if (!(spec->parent_x >= 0 && spec->parent_x <= 1)) {
        return fail(morph->ctx, HK_INVALID, "parent_x of a section is %g, not from 0 to 1",
                    spec->parent_x);
    }
    return HK_OK;
}

hk_status hk_morph_section(hk_morph *morph, const struct hk_section_spec *spec, uint32_t *index) {
    char type_name[SWC_TYPE_NAME];
    swc_type_name(spec->type, type_name);
    struct hk_section_spec checked = *spec;
    checked.domain = spec->domain ? spec->domain : type_name;
    if (!morphology_is_name(checked.domain)) {
        return fail(
            morph->ctx, HK_INVALID,
            "\"%s\" cannot name a domain: a letter, then letters, digits and _, at most %d in all",
            checked.domain, MORPHOLOGY_NAME);
    }
    hk_status status = check_parent(morph, spec);
    if (status || (status = check_points(morph, spec))) {
        return status;
    }
    if (spec->n_point == 0 && (!(spec->length_um > 0) || !isfinite(spec->length_um))) {
        return fail(morph->ctx, HK_INVALID, "length_um of a section is %g, not above 0",
                    spec->length_um);
    }
    if (spec->n_point == 0 && (!(spec->diam_um > 0) || !isfinite(spec->diam_um))) {
        return fail(morph->ctx, HK_INVALID, "diam_um of a section is %g, not above 0",
                    spec->diam_um);
    }
    status = morphology_add(morph, checked.domain, &checked);
    if (!status && index) {
        *index = morph->n_section - 1;
    }
    return status;
}

/* ---- the report */

struct line {
    char *text;
    size_t used, room;
};

static void say(struct line *line, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length =
        line->text ? vsnprintf(line->text + line->used, line->room - line->used, format, arguments)
                   : vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    line->used += length > 0 ? (size_t)length : 0;
}

static void say_all(const hk_morph *morph, struct line *line) {
    say(line, "%s: ", morph->name);
    if (morph->origin) {
        say(line, "%s; ", morph->origin);
    }
    say(line, "%u section%s", (unsigned)morph->n_section, morph->n_section == 1 ? "" : "s");
    const char *before = ": ";
    for (uint32_t i = 0; i < morph->n_word; i++) {
        if (morph->word[i].as_domain) {
            say(line, "%s%u %s", before, (unsigned)morph->word[i].as_domain, morph->word[i].text);
            before = ", ";
        }
    }
}

const char *hk_morph_report(const hk_morph *morph) {
    if (!morph->report) {
        struct line line = {0};
        say_all(morph, &line);
        line = (struct line){.text = malloc(line.used + 1), .room = line.used + 1};
        if (!line.text) {
            return "";
        }
        say_all(morph, &line);
        ((hk_morph *)morph)->report =
            line.text; /* made when it is wanted; every morphology is a calloc of ours */
    }
    return morph->report;
}

/* ---- text */

/* What hk_morph_swc_text and its like are. */
typedef hk_status read_text(hk_context *ctx, const char *name, const char *text, size_t length,
                            hk_morph **out);

hk_status hk_morph_swc_text(hk_context *ctx, const char *name, const char *text, size_t length,
                            hk_morph **out) {
    struct swc swc;
    *out = NULL;
    hk_status status = swc_read(ctx, name, text, length, &swc);
    if (!status && !(status = hk_morph_new(ctx, name, out)) &&
        (status = swc_sections(&swc, *out))) {
        hk_morph_free(*out);
        *out = NULL;
    }
    swc_free(&swc);
    return status;
}

hk_status hk_morph_asc_text(hk_context *ctx, const char *name, const char *text, size_t length,
                            hk_morph **out) {
    struct asc asc;
    *out = NULL;
    hk_status status = asc_read(ctx, name, text, length, &asc);
    if (!status && !(status = hk_morph_new(ctx, name, out)) &&
        (status = asc_sections(&asc, *out))) {
        hk_morph_free(*out);
        *out = NULL;
    }
    asc_free(&asc);
    return status;
}

hk_status morphology_file(hk_context *ctx, const char *path, char **text, size_t *length) {
    *text = NULL;
    *length = 0;
    FILE *file = fopen(path, "rb");
    if (!file) {
        return fail(ctx, HK_FILE, "%s: %s", path, strerror(errno));
    }
    hk_status status = HK_OK;
    size_t room = 0, got = 1;
    while (got && !status) {
        if (*length == room) {
            room = room ? room * 2 : 1 << 16;
            char *more = room <= FILE_LIMIT ? realloc(*text, room) : NULL;
            if (!more) {
                status = room <= FILE_LIMIT ? fail_memory(ctx, path)
                                            : fail(ctx, HK_FILE, "%s: larger than 1 GB", path);
                break;
            }
            *text = more;
        }
        errno = 0;
        got = fread(*text + *length, 1, room - *length, file);
        *length += got;
        if (ferror(file)) {
            status = fail(ctx, HK_FILE, "%s: %s", path, strerror(errno));
        }
    }
    fclose(file);
    return status;
}

static hk_status read_path(hk_context *ctx, const char *path, read_text *read, hk_morph **out) {
    char *text;
    size_t length;
    *out = NULL;
    hk_status status = morphology_file(ctx, path, &text, &length);
    if (!status) {
        status = read(ctx, path, text, length, out);
    }
    free(text);
    return status;
}

hk_status hk_morph_swc(hk_context *ctx, const char *path, hk_morph **out) {
    return read_path(ctx, path, hk_morph_swc_text, out);
}

hk_status hk_morph_asc(hk_context *ctx, const char *path, hk_morph **out) {
    return read_path(ctx, path, hk_morph_asc_text, out);
}
