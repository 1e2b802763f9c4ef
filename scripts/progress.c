/* SPDX-License-Identifier: BSD-3-Clause */
#include "progress.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { WIDEST = 120 };
static const double QUIET_S = 1; /* a shorter run needs no line */

_Thread_local bool progress_wanted;
static _Thread_local int
    drawn; /* characters of the line that is there; threads of hk.map draw none */

/* "4.7 s", "3 min 20 s", "2 h 05 min" */
static void duration(double s, char *text, size_t room) {
    if (s < 9.95) {
        snprintf(text, room, "%.1f s", s);
    } else if (s < 60) {
        snprintf(text, room, "%.0f s", s);
    } else if (s < 3600) {
        snprintf(text, room, "%d min %02d s", (int)s / 60, (int)s % 60);
    } else if (s < 1e8) {
        snprintf(text, room, "%d h %02d min", (int)s / 3600, (int)s / 60 % 60);
    } else {
        snprintf(text, room, "years");
    }
}

double progress_clock(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* "40 %, 3.2 s left" after `what` */
static void share_text(const char *what, double done, double all, double wall_s, char *text,
                       size_t room) {
    char left[32] = "";
    if (done > 0) {
        duration(wall_s * (all - done) / done, left, sizeof left);
    }
    snprintf(text, room, "%s%.0f %%%s%s%s", what, all > 0 ? 100 * done / all : 100.0,
             done > 0 ? ", " : "", left, done > 0 ? " left" : "");
}

void progress_text(const struct hk_progress *now, char *text, int width) {
    if (now->phase) {
        char what[64];
        snprintf(what, sizeof what, "%.60s: ", now->phase);
        share_text(what, now->t, now->until, now->wall_s, text, (size_t)width + 1);
        return;
    }
    char part[5][64], left[32];
    double done = now->t - now->from, all = now->until - now->from;
    double rate = now->wall_s > 0 ? done / now->wall_s : 0; /* ms a second */
    duration(rate > 0 ? (now->until - now->t) / rate : 1e9, left, sizeof left);
    snprintf(part[0], sizeof part[0], "%.0f %%", all > 0 ? 100 * done / all : 100.0);
    snprintf(part[1], sizeof part[1], ": %.*f of %.10g ms", now->until < 1000 ? 1 : 0, now->t,
             now->until);
    snprintf(part[2], sizeof part[2], ", %s left", left);
    snprintf(part[3], sizeof part[3], ", %.*f ms/s = %.2g x real time", rate < 100 ? 1 : 0, rate,
             rate / 1000);
    snprintf(part[4], sizeof part[4], ", %" PRIu64 " spike%s", now->spikes,
             now->spikes == 1 ? "" : "s");
    int n = 0;
    text[0] = 0;
    for (int k = 0; k < 5; k++) { /* the last ones are missed least */
        int length = (int)strlen(part[k]);
        if (n + length > width) {
            return;
        }
        memcpy(text + n, part[k], (size_t)length + 1);
        n += length;
    }
}

static int terminal_width(void) {
    struct winsize size;
    bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    int width = (known ? size.ws_col : 80) - 1; /* the last column would break the line */
    return width < WIDEST ? width : WIDEST;
}

static void put(const char *text, int n) {
    if (write(STDERR_FILENO, text, (size_t)n) < 0) {
        progress_wanted = false; /* the terminal is gone */
    }
}

/* The text at the line's beginning, over what was there. */
static void show(const char *text) {
    char line[2 * WIDEST + 8];
    int n = (int)strlen(text), over = drawn > n ? drawn - n : 0;
    int length = snprintf(line, sizeof line, "\r%s%*s", text, over, "");
    drawn = n;
    if (n == 0) { /* an empty line is left at its beginning */
        line[length++] = '\r';
    }
    put(line, length);
}

/* Whether it is time for a line, and the terminal is ours. */
static bool is_due(double wall_s) {
    pid_t front = tcgetpgrp(STDERR_FILENO);
    return wall_s >= QUIET_S && (front <= 0 || front == getpgrp());
}

void progress_draw(void *unused, const struct hk_progress *now) {
    (void)unused;
    char text[WIDEST + 1];
    if (is_due(now->wall_s)) {
        progress_text(now, text, terminal_width());
        show(text);
    }
}

void progress_say(const char *what, double wall_s) {
    char text[WIDEST + 1], so_far[32];
    if (progress_wanted && is_due(wall_s)) {
        duration(wall_s, so_far, sizeof so_far);
        snprintf(text, (size_t)terminal_width() + 1, "%.80s: %s", what, so_far);
        show(text);
    }
}

void progress_count(const char *what, uint32_t done, uint32_t n, double wall_s) {
    char text[WIDEST + 1], counted[96];
    if (progress_wanted && is_due(wall_s)) {
        snprintf(counted, sizeof counted, "%.40s: %" PRIu32 " of %" PRIu32 " items, ", what, done,
                 n);
        share_text(counted, done, n, wall_s, text, (size_t)terminal_width() + 1);
        show(text);
    }
}

void progress_erase(void) {
    if (drawn) {
        show("");
    }
}
