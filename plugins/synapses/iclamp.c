/* SPDX-License-Identifier: BSD-3-Clause */
/* IClamp: a current injected through an electrode, positive inward. Three sources, which add up:
 *   amp        from delay on, for dur; the names are NEURON's
 *   steps      rows of start, stop, amplitude; those that overlap add up
 *   waveform   samples, each held for waveform_dt, the first from delay on; else nothing
 * A step of the simulation takes the current of its middle, t + dt/2, as NEURON does. */
#include "hillock/plugin.h"

struct iclamp {
    hk_col delay, dur, amp, waveform_dt;
};

static const struct hk_field iclamp_fields[] = {
    {"delay", HK_PARAMETER, "ms", 0, 0, HK_INF, "when amp or the waveform begins", NULL, 0},
    {"dur", HK_PARAMETER, "ms", 1e9, 0, HK_INF, "how long amp lasts", NULL, 0},
    {"amp", HK_PARAMETER, "nA", 0, 0, 0, "the current, inward", NULL, 0},
    {"waveform_dt", HK_PARAMETER, "ms", 0, 0, HK_INF, "how long a sample lasts", NULL, 0},
    {"steps", HK_LIST, "ms, ms, nA", 0, 0, 0, "rows of start, stop and amplitude", NULL, 3},
    {"waveform", HK_LIST, "nA", 0, 0, 0, "samples, the first one at delay", NULL, 1},
};

HK_CHECK(iclamp) {
    const struct hk_list *steps = &b->list[0][k];
    for (uint32_t r = 0; r < steps->rows; r++)
        if (!(steps->value[3 * (size_t)r] <= steps->value[3 * (size_t)r + 1]))
            return "a row of steps stops before it starts";
    return b->list[1][k].rows && !(c->waveform_dt[k] > 0) ? "waveform needs waveform_dt" : NULL;
}

HK_ALWAYS double iclamp_steps(const struct hk_list *steps, double t) {
    double sum = 0;
    for (uint32_t r = 0; r < steps->rows; r++) {
        const double *row = steps->value + 3 * (size_t)r;
        sum += t >= row[0] && t < row[1] ? row[2] : 0;
    }
    return sum;
}

HK_ALWAYS double iclamp_wave(const struct hk_list *wave, double sample) {
    return sample >= 0 && sample < wave->rows ? wave->value[(uint32_t)sample] : 0;
}

HK_KERNEL(iclamp, current) {
    const double t = b->t;
    HK_EACH(k, b) {
        double since = t - c->delay[k];
        int on = (since >= 0) & (since < c->dur[k]);
        b->i[k] += on ? c->amp[k] : 0;
    }
    for (uint32_t k = 0; k < HK_N(b); k++) {
        const struct hk_list *steps = &b->list[0][k], *wave = &b->list[1][k];
        if (steps->rows)
            b->i[k] += iclamp_steps(steps, t);
        if (wave->rows)
            b->i[k] += iclamp_wave(wave, (t - c->delay[k]) / c->waveform_dt[k]);
    }
}

HK_PLUGIN(iclamp) = {
    HK_HEADER(iclamp, HK_POINT, "IClamp", "current clamp: a pulse, steps or a waveform"),
    HK_FIELDS(iclamp, iclamp_fields),
    .flags = HK_ELECTRODE,
    .current = iclamp_current_hook,
    .check = iclamp_check_hook,
};
