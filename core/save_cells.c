/* SPDX-License-Identifier: BSD-3-Clause */
/* Cell by cell, type by type: membrane potentials, ions, the mechanisms' columns, and the points'.
 * Padding and places without a point keep what the start of a run gives them: nobody looks there.
 */
#include "error.h"
#include "field.h"
#include "group_currents.h"
#include "picture.h"
#include "save.h"
#include "unit.h"
#include <stdlib.h>

/* ---- a cell */

static void pass_segments(struct save_stream *s, const struct group *g, uint32_t lane,
                          double *array) {
    for (uint32_t row = 0; row < g->n_segment; row++) {
        save_value(s, &array[g->row_at[row] + lane]);
    }
}

static void pass_ions(struct save_stream *s, const struct group *g, uint32_t lane) {
    for (uint32_t m = 0; m < g->n_ion; m++) {
        const struct group_ion *ion = &g->ion[m];
        if (ion->reversal != ion->start.reversal) {
            pass_segments(s, g, lane, ion->reversal);
        }
        if (ion->inside != ion->start.inside) {
            pass_segments(s, g, lane, ion->inside);
        }
        if (ion->outside != ion->start.outside) {
            pass_segments(s, g, lane, ion->outside);
        }
        if (ion->current) {
            pass_segments(s, g, lane, ion->current);
        }
    }
}

static void pass_mechanisms(struct save_stream *s, const struct group *g, uint32_t lane) {
    for (uint32_t p = 0; p < g->n_patch; p++) {
        const struct patch *patch = &g->patch[p];
        for (uint32_t row = 0; row < g->n_segment; row++) {
            uint32_t at = g->row_at[row];
            for (uint32_t j = 0; j < patch->plugin->n_column; j++) {
                if (at >= patch->run.at && at - patch->run.at < patch->run.n &&
                    field_varies(patch->plugin->field[j].role)) {
                    save_value(s, &patch->col[j][at - patch->run.at + lane]);
                }
            }
        }
    }
}

/* ---- its points */

/* What receive sees of an ion is of the last time that somebody looked: so it is kept, too. */
static void pass_instance(struct save_stream *s, const struct group *g, struct place place) {
    const struct point_patch *p = &g->point[place.patch];
    for (uint32_t j = 0; j < p->plugin->n_column; j++) {
        if (p->col[j] && !field_is_constant(p->plugin->field[j].role)) {
            save_value(s, &p->col[j][place.instance]);
        }
    }
}

/* Points that share an instance: once. */
static void pass_points(struct save_stream *s, const struct save *all, const struct group *g,
                        uint32_t lane) {
    const struct plan *plan = &all->map.plan;
    const struct save_group *of = &all->map.group[g - all->layout->group];
    const struct place *place = of->places.place + of->places.first[lane];
    uint32_t first = plan->point_first[g->cell[lane]], end = plan->point_first[g->cell[lane] + 1];
    for (uint32_t k = first; k < end; k++, place++) {
        uint32_t point = plan->point_of[k];
        if (of->owner[of->first[place->patch] + place->instance] == point) {
            pass_instance(s, g, *place);
        }
        struct place shadow =
            plan->n_probed ? save_place(&all->map, point, true) : (struct place){HK_NONE, 0};
        if (shadow.patch != HK_NONE) {
            pass_instance(s, g, shadow);
        }
    }
}

static void pass_group(struct save_stream *s, const struct save *all, const struct group *g) {
    for (uint32_t lane = 0; lane < g->lanes; lane++) {
        for (uint32_t row = 0; row < g->n_row; row++) {
            save_value(s, &g->v[g->row_at[row] + lane]);
        }
        pass_ions(s, g, lane);
        pass_mechanisms(s, g, lane);
        pass_points(s, all, g, lane);
    }
}

/* ---- what a unit has done ahead */

/* A port may change what `current` stores before the step. */
static bool is_barred(const struct layout *layout, const struct group *g) {
    for (uint32_t u = 0; u < layout->n_unit; u++) {
        if (layout->unit[u].type == g->type) {
            return layout->unit[u].barred;
        }
    }
    return true; /* an artificial cell, which has no mechanisms */
}

/* Without a unit, what `current` stores is of the step before, until the next one calls it. So that
 * files do not depend on units, it is called ahead; but where calling it twice is not as calling it
 * once, which is never so in a unit. True where the picture is to be given back. */
static bool run_ahead(const struct save *all, struct group *g, struct picture *before,
                      struct picture *after) {
    if (g->unit || is_barred(all->layout, g)) {
        return false;
    }
    double t = (double)all->run.step * g->dt;
    picture_pass(before, PICTURE_TAKE, g);
    group_set_time(g, t + 0.5 * g->dt);
    group_channel_currents(g);
    picture_pass(after, PICTURE_TAKE, g);
    group_channel_currents(g);
    bool same = picture_pass(after, PICTURE_COMPARE, g);
    group_set_time(g, t);
    if (!same) {
        picture_pass(before, PICTURE_GIVE, g);
    }
    return same;
}

static hk_status write_group(struct save_stream *s, const struct save *all, struct group *g) {
    size_t n = picture_size(g);
    double *room = malloc((2 * n + 1) * sizeof *room);
    if (!room) {
        return fail_memory(s->ctx, "a network's file");
    }
    struct picture before = {.value = room}, after = {.value = room + n};
    struct profile_group *profile = g->profile; /* this is no step's time */
    g->profile = NULL;
    bool ahead = run_ahead(all, g, &before, &after);
    pass_group(s, all, g);
    if (ahead) {
        picture_pass(&before, PICTURE_GIVE, g);
    }
    g->profile = profile;
    free(room);
    return HK_OK;
}

hk_status save_pass_cells(struct save_stream *s, void *data) {
    const struct save *all = data;
    hk_status status = HK_OK;
    for (uint32_t k = 0; all->run.begun && !status && k < all->layout->n_group; k++) {
        struct group *g = &all->layout->group[k];
        if (s->way == SAVE_WRITE) {
            status = write_group(s, all, g);
        } else {
            pass_group(s, all, g);
        }
    }
    return status;
}
