/* SPDX-License-Identifier: BSD-3-Clause */
/* crew: threads that share out numbered pieces of work. */
#ifndef HK_CORE_CREW_H
#define HK_CORE_CREW_H
#include <stdint.h>

struct crew;

/* So many threads beside the caller's; NULL where they could not be started. */
struct crew *crew_new(uint32_t helpers);

/* work(all, k) for each k < n, each once, on whichever thread is free; back when all are done. What
 * was written before the call is seen by the work, and what the work wrote is seen after it. crew
 * NULL: the caller does it all, in order. */
void crew_run(struct crew *crew, void (*work)(void *all, uint32_t k), void *all, uint32_t n);

uint32_t crew_threads(const struct crew *crew); /* with the caller's; 1 for NULL */

/* Which of them calls, during crew_run: 0 is the thread that called it. */
uint32_t crew_self(const struct crew *crew);

void crew_free(struct crew *crew); /* NULL is fine */

#endif
