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

void engine_free(struct engine *engine);

#endif
