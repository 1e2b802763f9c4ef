/* SPDX-License-Identifier: BSD-3-Clause */
/* progress: a line on the terminal that tells how far a run is, and goes when the run ends. */
#ifndef HILLOCK_PROGRESS_H
#define HILLOCK_PROGRESS_H
#include "hillock/hillock.h"
#include <stdint.h>

/* Networks that are made from now on tell it. The command sets it where standard error is a
 * terminal, before it runs a script. */
extern bool progress_wanted;

/* Draws the line, or draws it anew; nothing in a run's first second, or where the terminal belongs
 * to another job. An hk_net_options.progress. */
void progress_draw(void *unused, const struct hk_progress *now);

/* Draws it of items that are independent of each other, where `done` of n are done after wall_s. */
void progress_items(uint32_t done, uint32_t n, double wall_s);

/* Takes the line away, where there is one. */
void progress_erase(void);

/* The line's text, without its end, in at most `width` characters (room for them and a zero). */
void progress_text(const struct hk_progress *now, char *text, int width);

#endif
