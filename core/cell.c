/* SPDX-License-Identifier: BSD-3-Clause */
#include "cell.h"
#include "context.h"
#include "error.h"
#include "morphology.h"
#include "names.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- its beginning and end */

static void cell_drop(hk_cell *cell) {
    cell_mechanisms_free(cell);
    cable_free(cell->cable);
    hk_morph_free(cell->morph);
    free(cell->name);
    free(cell->Ra);
    free(cell->section_cm);
    free(cell->nseg);
    free(cell->cm);
    free(cell);
}

static hk_status fill(hk_cell *cell, const char *name, const hk_morph *morph) {
    uint32_t n = hk_morph_sections(morph);
    cell->name = strdup(name);
    cell->Ra = calloc(n, sizeof *cell->Ra);
    cell->section_cm = calloc(n, sizeof *cell->section_cm);
    cell->nseg = calloc(n, sizeof *cell->nseg);
    if (!cell->name || !cell->Ra || !cell->section_cm || !cell->nseg) {
        return fail_memory(cell->ctx, "a cell type");
    }
    for (uint32_t i = 0; i < n; i++) {
        cell->Ra[i] = 35.4;
        cell->section_cm[i] = 1;
        cell->nseg[i] = 1;
    }
    return morphology_copy(morph, &cell->morph);
}

hk_status hk_cell_new(hk_context *ctx, const char *name, const hk_morph *morph, hk_cell **out) {
    *out = NULL;
    if (!name || !*name) {
        return fail(ctx, HK_INVALID, "a cell type needs a name");
    }
    if (!morph || morph->ctx != ctx) {
        return fail(ctx, HK_INVALID, "cell \"%s\": its morphology is %s", name,
                    morph ? "of another context" : "missing");
    }
    if (!hk_morph_sections(morph)) {
        return fail(ctx, HK_INVALID, "cell \"%s\": its morphology has no sections", name);
    }
    hk_cell *cell = calloc(1, sizeof *cell);
    if (!cell) {
        return fail_memory(ctx, "a cell type");
    }
    cell->ctx = ctx;
    cell->references = 1;
    hk_status status = fill(cell, name, morph);
    if (status) {
        cell_drop(cell);
        return status;
    }
    *out = cell;
    return HK_OK;
}

hk_cell *cell_retain(hk_cell *cell) {
    cell->references++;
    return cell;
}

void hk_cell_free(hk_cell *cell) {
    if (cell && --cell->references == 0) {
        cell_drop(cell);
    }
}

const char *hk_cell_name(const hk_cell *cell) {
    return cell->name;
}

const hk_morph *hk_cell_morph(const hk_cell *cell) {
    return cell->morph;
}

/* ---- sections */

/* Whether the sections may still be given what is called so. */
static hk_status open_sections(const hk_cell *cell, const char *what, uint32_t n,
                               const uint32_t *section) {
    uint32_t has = hk_morph_sections(cell->morph);
    if (cell->cable) {
        return fail(cell->ctx, HK_ORDER,
                    "cell \"%s\" is cut into segments: %s of a section must be set before",
                    cell->name, what);
    }
    for (uint32_t i = 0; section && i < n; i++) {
        if (section[i] >= has) {
            return fail(cell->ctx, HK_NOT_FOUND,
                        "cell \"%s\" has no section %u to set %s of: it has %u, counted from 0",
                        cell->name, section[i], what, has);
        }
    }
    return HK_OK;
}

static uint32_t count(const hk_cell *cell, uint32_t n, const uint32_t *section) {
    return section ? n : hk_morph_sections(cell->morph);
}

static uint32_t nth(const uint32_t *list, uint32_t i) {
    return list ? list[i] : i;
}

static hk_status set_number(hk_cell *cell, const char *what, const char *unit, double *column,
                            uint32_t n, const uint32_t *section, double value) {
    hk_status status = open_sections(cell, what, n, section);
    if (status) {
        return status;
    }
    if (!(value > 0) || !isfinite(value)) {
        return fail(cell->ctx, HK_INVALID, "cell \"%s\": %s is %g %s, not a number above 0",
                    cell->name, what, value, unit);
    }
    for (uint32_t i = 0; i < count(cell, n, section); i++) {
        column[nth(section, i)] = value;
    }
    return HK_OK;
}

hk_status hk_cell_Ra(hk_cell *cell, uint32_t n, const uint32_t *section, double Ra) {
    return set_number(cell, "Ra", "ohm cm", cell->Ra, n, section, Ra);
}

hk_status hk_cell_cm(hk_cell *cell, uint32_t n, const uint32_t *section, double cm) {
    return set_number(cell, "cm", "uF/cm2", cell->section_cm, n, section, cm);
}

hk_status hk_cell_nseg(hk_cell *cell, uint32_t n, const uint32_t *section, uint32_t nseg) {
    hk_status status = open_sections(cell, "nseg", n, section);
    if (status) {
        return status;
    }
    if (nseg < 1 || nseg > CABLE_NSEG) {
        return fail(cell->ctx, HK_INVALID, "cell \"%s\": nseg is %u, not within 1 to %d",
                    cell->name, nseg, CABLE_NSEG);
    }
    for (uint32_t i = 0; i < count(cell, n, section); i++) {
        cell->nseg[nth(section, i)] = nseg;
    }
    return HK_OK;
}

/* How a rule cuts a section. */
struct cut {
    double a, b;
    bool odd;
    hk_status (*nseg)(const hk_cell *cell, uint32_t section, const struct cut *cut, uint32_t *nseg);
};

/* Asks for all of them before it changes any. */
static hk_status cut_sections(hk_cell *cell, uint32_t n, const uint32_t *section,
                              const struct cut *cut) {
    hk_status status = open_sections(cell, "nseg", n, section);
    uint32_t *nseg = status ? NULL : calloc(count(cell, n, section) + 1, sizeof *nseg);
    if (!nseg) {
        return status ? status : fail_memory(cell->ctx, "the segments of a cell");
    }
    for (uint32_t i = 0; !status && i < count(cell, n, section); i++) {
        status = cut->nseg(cell, nth(section, i), cut, &nseg[i]);
    }
    for (uint32_t i = 0; !status && i < count(cell, n, section); i++) {
        cell->nseg[nth(section, i)] = nseg[i];
    }
    free(nseg);
    return status ? fail_within(cell->ctx, status, "cell \"%s\"", cell->name) : HK_OK;
}

static hk_status by_lambda(const hk_cell *cell, uint32_t section, const struct cut *cut,
                           uint32_t *nseg) {
    return cable_nseg_lambda(cell->ctx, cell->morph, section, cell->Ra[section],
                             cell->section_cm[section], cut->a, cut->b, nseg);
}

static hk_status by_length(const hk_cell *cell, uint32_t section, const struct cut *cut,
                           uint32_t *nseg) {
    struct hk_section s = hk_morph_get(cell->morph, section);
    if (!(cut->a > 0) || !isfinite(cut->a)) {
        return fail(cell->ctx, HK_INVALID,
                    "the greatest length of a segment is %g um, not a number above 0", cut->a);
    }
    double n = ceil(s.length_um / cut->a);
    n = n < 1 ? 1 : n;
    n += cut->odd && fmod(n, 2) == 0 ? 1 : 0;
    if (!(n <= CABLE_NSEG)) {
        return fail(cell->ctx, HK_INVALID,
                    "%s: segments of at most %g um are %.0f; a section has at most %d", s.name,
                    cut->a, n, CABLE_NSEG);
    }
    *nseg = (uint32_t)n;
    return HK_OK;
}

hk_status hk_cell_nseg_lambda(hk_cell *cell, uint32_t n, const uint32_t *section, double d_lambda,
                              double frequency) {
    return cut_sections(cell, n, section,
                        &(struct cut){.a = d_lambda, .b = frequency, .nseg = by_lambda});
}

hk_status hk_cell_nseg_length(hk_cell *cell, uint32_t n, const uint32_t *section, double longest,
                              bool odd) {
    return cut_sections(cell, n, section,
                        &(struct cut){.a = longest, .odd = odd, .nseg = by_length});
}

hk_status hk_cell_build(hk_cell *cell) {
    if (cell->cable) {
        return fail(cell->ctx, HK_ORDER, "cell \"%s\" is cut into segments already", cell->name);
    }
    struct cable *cable;
    hk_status status = cable_new(cell->ctx, cell->morph, cell->nseg, cell->Ra, &cable);
    if (status) {
        return fail_within(cell->ctx, status, "cell \"%s\"", cell->name);
    }
    cell->cm = calloc(cable->n_segment, sizeof *cell->cm);
    if (!cell->cm) {
        cable_free(cable);
        return fail_memory(cell->ctx, "the segments of a cell");
    }
    for (uint32_t s = 0; s < cable->n_segment; s++) {
        cell->cm[s] = cell->section_cm[cable->segment[s].section];
    }
    cell->cable = cable;
    return HK_OK;
}

struct hk_cell_section hk_cell_section(const hk_cell *cell, uint32_t section) {
    if (section >= hk_morph_sections(cell->morph)) {
        return (struct hk_cell_section){.first = HK_NONE};
    }
    return (struct hk_cell_section){cell->Ra[section], cell->section_cm[section],
                                    cell->nseg[section],
                                    cell->cable ? cell->cable->first[section] : HK_NONE};
}

/* ---- segments */

hk_status cell_built(const hk_cell *cell, const char *what) {
    return cell->cable ? HK_OK
                       : fail(cell->ctx, HK_ORDER,
                              "cell \"%s\" is not cut into segments yet, and %s needs them: "
                              "hk_cell_build cuts",
                              cell->name, what);
}

hk_status cell_segment_list(const hk_cell *cell, uint32_t n, const uint32_t *segment) {
    for (uint32_t i = 0; segment && i < n; i++) {
        if (segment[i] >= cell->cable->n_segment) {
            return fail(cell->ctx, HK_NOT_FOUND,
                        "cell \"%s\" has no segment %u: it has %u, counted from 0", cell->name,
                        segment[i], cell->cable->n_segment);
        }
    }
    return HK_OK;
}

const char *cell_where(const hk_cell *cell, uint32_t segment, char room[CELL_PLACE]) {
    const struct cable_segment *s = &cell->cable->segment[segment];
    snprintf(room, CELL_PLACE, "%s(%.4g)", hk_morph_get(cell->morph, s->section).name, s->x);
    return room;
}

uint32_t hk_cell_segments(const hk_cell *cell) {
    return cell->cable ? cell->cable->n_segment : 0;
}

struct hk_segment hk_cell_segment(const hk_cell *cell, uint32_t segment) {
    if (segment >= hk_cell_segments(cell)) {
        return (struct hk_segment){.section = HK_NONE, .index = HK_NONE, .parent = HK_NONE};
    }
    const struct cable_segment *s = &cell->cable->segment[segment];
    return (struct hk_segment){.section = s->section,
                               .index = s->index_in_section,
                               .parent = s->parent,
                               .x = s->x,
                               .length_um = s->length_um,
                               .diam_um = s->diam_um,
                               .area_um2 = s->area_um2,
                               .ri_Mohm = s->ri_Mohm,
                               .distance_um = s->distance_um};
}

hk_status hk_cell_locate(const hk_cell *cell, uint32_t section, double x, uint32_t *segment) {
    uint32_t n = hk_morph_sections(cell->morph);
    *segment = HK_NONE;
    hk_status status = cell_built(cell, "a location");
    if (status) {
        return status;
    }
    if (section >= n) {
        return fail(cell->ctx, HK_NOT_FOUND,
                    "cell \"%s\" has no section %u: it has %u, counted from 0", cell->name, section,
                    n);
    }
    *segment = cable_locate(cell->cable, section, x);
    return *segment != HK_NONE ? HK_OK
                               : fail(cell->ctx, HK_NOT_FOUND,
                                      "cell \"%s\": %s(%g) is off the cell: x goes from 0 to 1",
                                      cell->name, hk_morph_get(cell->morph, section).name, x);
}

/* ---- sections by name */

/* What there is, as in `soma[0], dend[0] to dend[14]`. */
static hk_status no_section(const hk_cell *cell, const char *name, uint32_t same) {
    uint32_t n = hk_morph_sections(cell->morph), n_run = 0;
    const char **full = calloc(n, sizeof *full), **run = calloc(n, sizeof *run);
    char(*text)[CELL_PLACE] = calloc(n, sizeof *text), room[NAMES_ROOM];
    hk_status status = HK_NOT_FOUND;
    if (!full || !run || !text) {
        status = fail_memory(cell->ctx, "the names of sections");
    }
    for (uint32_t i = 0, first = 0; status == HK_NOT_FOUND && i < n; i++) {
        full[i] = hk_morph_get(cell->morph, i).name;
        if (i + 1 == n || strcmp(hk_morph_get(cell->morph, i + 1).type_name,
                                 hk_morph_get(cell->morph, i).type_name) != 0) {
            snprintf(text[n_run], sizeof *text, first < i ? "%s to %s" : "%s", full[first],
                     full[i]);
            run[n_run] = text[n_run];
            n_run++;
            first = i + 1;
        }
    }
    if (status == HK_NOT_FOUND && same) {
        status = fail(cell->ctx, status,
                      "cell \"%s\" has %u sections called \"%s\": say which one, as in \"%s[0]\"; "
                      "there are %s",
                      cell->name, same, name, name, names_list(room, n_run, run));
    } else if (status == HK_NOT_FOUND) {
        status = fail(cell->ctx, status,
                      "cell \"%s\" has no section \"%s\"; nearest: \"%s\"; there are %s",
                      cell->name, name, names_nearest(name, n, full), names_list(room, n_run, run));
    }
    free(full);
    free(run);
    free(text);
    return status;
}

hk_status hk_cell_find(const hk_cell *cell, const char *name, uint32_t *section) {
    uint32_t same = 0;
    *section = HK_NONE;
    if (!name) {
        return fail(cell->ctx, HK_INVALID, "cell \"%s\": a section's name is missing", cell->name);
    }
    for (uint32_t i = 0; i < hk_morph_sections(cell->morph); i++) {
        struct hk_section s = hk_morph_get(cell->morph, i);
        if (!strcmp(s.name, name)) {
            *section = i;
            return HK_OK;
        }
        if (!strcmp(s.type_name, name)) {
            *section = i;
            same++;
        }
    }
    if (same == 1) {
        return HK_OK;
    }
    *section = HK_NONE;
    return no_section(cell, name, same);
}
