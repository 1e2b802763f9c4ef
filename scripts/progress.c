/* SPDX-License-Identifier: BSD-3-Clause */
#include "progress.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDEST = 120 };
static const double QUIET_S = 1; /* a shorter run needs no line */

bool progress_wanted;
static int drawn; /* characters of the line that is there: one run draws at a time */

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

void progress_text(const struct hk_progress *now, char *text, int width) {
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

/* Is there to be a line, and does the terminal belong to this job? */
static bool wanted(double wall_s) {
    pid_t front = tcgetpgrp(STDERR_FILENO);
    return wall_s >= QUIET_S && (front <= 0 || front == getpgrp());
}

void progress_draw(void *unused, const struct hk_progress *now) {
    (void)unused;
    char text[WIDEST + 1];
    if (!wanted(now->wall_s)) {
        return;
    }
    progress_text(now, text, terminal_width());
    show(text);
}

void progress_items(uint32_t done, uint32_t n, double wall_s) {
    char text[WIDEST + 1], left[32];
    if (!wanted(wall_s)) {
        return;
    }
    int length = snprintf(text, sizeof text, "%" PRIu32 " of %" PRIu32 " done", done, n);
    if (done > 0) {
        duration(wall_s / done * (n - done), left, sizeof left);
        length += snprintf(text + length, sizeof text - (size_t)length, ", %s left", left);
    }
    if (length <= terminal_width()) {
        show(text);
    }
}

void progress_erase(void) {
    if (drawn) {
        show("");
    }
}
