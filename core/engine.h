/* SPDX-License-Identifier: BSD-3-Clause */
/* engine: the time step, the epoch, the worker threads.
 *
 * Groups advance an epoch each, whichever thread takes them; between epochs the engine tells all
 * groups of all spikes and hands what was sampled to the recorders. */
#ifndef HK_CORE_ENGINE_H
#define HK_CORE_ENGINE_H
#include "layout.h"

uint32_t
engine_threads(const hk_net *net); /* as many as the options say, 0 being one a processor */
hk_status engine_new(hk_net *net, struct layout *layout); /* sets layout->engine */
/* Whether t = 0 has been made. */
bool engine_begun(const struct engine *e);

/* Where the network is. */
int64_t engine_step(const struct engine *e);

/* ---- for save.c */

struct engine_state { /* between runs */
    bool begun, broken;
    int64_t step;
    uint64_t n_spike, n_step, n_event;
    uint32_t n_spike_new; /* of the epoch that was run last, of which groups have not been told */
    const struct spike *spike;
};
struct engine_state engine_look(const struct engine *e);

/* The epoch that groups have begun last, at this step. */
int64_t engine_epoch(const struct layout *layout, int64_t step);

/* Back to where the network has just been built: recorders are closed, nothing has begun. */
hk_status engine_forget(struct engine *e);

/* Makes t = 0 in all groups, but opens no recorder and begins nothing. */
hk_status engine_prepare(struct engine *e);

/* Groups and recorders are at the state's step: goes on from there. Its spikes are of no account.
 */
void engine_resume(struct engine *e, const struct engine_state *state);

void engine_free(struct engine *engine);

#endif
