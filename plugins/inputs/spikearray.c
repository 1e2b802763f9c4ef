/* SPDX-License-Identifier: BSD-3-Clause */
/* SpikeArray: events at given times, which the host copies. They must be in order; equal times are
 * as many events. */
#include "hillock/plugin.h"

struct spikearray {
    hk_col done;
};

static const struct hk_field spikearray_fields[] = {
    {"done", HK_STATE, "", 0, 0, HK_INF, "events so far", NULL, 0},
    {"times", HK_LIST, "ms", 0, 0, HK_INF, "when the events are, in order", NULL, 1},
};

HK_CHECK(spikearray) {
    const struct hk_list *times = &b->list[0][k];
    for (uint32_t r = 1; r < times->rows; r++)
        if (!(times->value[r - 1] <= times->value[r]))
            return "times is not in order";
    return NULL;
}

HK_KERNEL(spikearray, init) {
    HK_EACH(k, b) {
        c->done[k] = 0;
    }
}

HK_NEXT(spikearray) {
    const struct hk_list *times = &b->list[0][k];
    double done = c->done[k];
    if (!(done >= 0 && done < times->rows))
        return HK_INF;
    c->done[k] = done + 1;
    return times->value[(uint32_t)done];
}

HK_PLUGIN(spikearray) = {
    HK_HEADER(spikearray, HK_INPUT, "SpikeArray", "events at given times"),
    HK_FIELDS(spikearray, spikearray_fields),
    .init = spikearray_init_hook,
    .next = spikearray_next_hook,
    .check = spikearray_check_hook,
};
