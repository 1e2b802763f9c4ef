/* SPDX-License-Identifier: BSD-3-Clause */
/* progress: a line on the terminal that tells how far something is that takes long, and goes when
 * it ends. */
#ifndef HILLOCK_PROGRESS_H
#define HILLOCK_PROGRESS_H
#include "hillock/hillock.h"

/* Networks that are made from now on tell it. The command sets it where standard error is a
 * terminal, before it runs a script; it is that thread's, and those of hk.map draw nothing. */
extern _Thread_local bool progress_wanted;

/* Draws the line, or draws it anew; nothing in a run's first second, or where the terminal belongs
 * to another job. An hk_net_options.progress. */
void progress_draw(void *unused, const struct hk_progress *now);

/* Draws another line, of what began `wall_s` ago, where lines are wanted and it has been a second.
 */
void progress_say(const char *text, double wall_s);

/* Draws how many of n items are done. */
void progress_count(const char *what, uint32_t done, uint32_t n, double wall_s);

/* s, of a clock that never goes back. */
double progress_clock(void);

/* Takes the line away, where there is one. */
void progress_erase(void);

/* A line's text, without its end, in at most `width` characters (room for them and a zero). */
void progress_text(const struct hk_progress *now, char *text, int width);

#endif
