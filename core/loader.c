/* SPDX-License-Identifier: BSD-3-Clause */
#include "loader.h"
#include "descriptor.h"
#include "error.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The C library knows files by their paths and by device and inode. */
static bool is_mapped(const char *path) {
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NOLOAD);
    if (handle) {
        dlclose(handle);
    }
    return handle != NULL;
}

static bool copy_bytes(int from, int to) {
    char bytes[1 << 14];
    for (;;) {
        ssize_t got = read(from, bytes, sizeof bytes);
        if (got == 0) {
            return true;
        }
        if (got < 0 && errno == EINTR) {
            continue;
        }
        for (ssize_t put = 0, n; put < got; put += n) {
            n = write(to, bytes + put, (size_t)(got - put));
            if (n <= 0) {
                return false;
            }
        }
        if (got < 0) {
            return false;
        }
    }
}

/* A nameless file in memory with the bytes of this one; -1 and errno where that fails. */
static int copy_file(const char *path) {
    int from = open(path, O_RDONLY | O_CLOEXEC);
    int to = from < 0 ? -1 : memfd_create("hillock plugin", MFD_CLOEXEC);
    if (to >= 0 && !copy_bytes(from, to)) {
        int reason = errno;
        close(to);
        to = -1;
        errno = reason;
    }
    int reason = errno;
    if (from >= 0) {
        close(from);
    }
    errno = reason;
    return to;
}

static hk_status map(hk_context *ctx, const char *file, const char *path, struct loaded *out) {
    char copy[32];
    if (is_mapped(path)) {
        out->copy = copy_file(path);
        if (out->copy < 0) {
            return fail(ctx, HK_FILE, "%s: it cannot be copied to be loaded anew: %s", file,
                        strerror(errno));
        }
        snprintf(copy, sizeof copy, "/proc/self/fd/%d", out->copy);
        path = copy;
    }
    out->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!out->handle) {
        const char *reason = dlerror();
        return fail(ctx, HK_FILE, "%s: it cannot be loaded: %s", file,
                    reason ? reason : "for no reason given");
    }
    return HK_OK;
}

/* A descriptor of an older minor version ends before what is new: the rest is nothing. */
static hk_status complete(hk_context *ctx, const struct hk_plugin *plugin, struct loaded *out) {
    out->plugin = plugin;
    if (plugin->size == sizeof *plugin) {
        return HK_OK;
    }
    out->whole = calloc(1, sizeof *out->whole);
    if (!out->whole) {
        return fail_memory(ctx, "a plugin");
    }
    memcpy(out->whole, plugin, plugin->size);
    out->whole->size = sizeof *plugin;
    out->whole->block_size = sizeof(struct hk_block);
    out->plugin = out->whole;
    return HK_OK;
}

hk_status loader_open(hk_context *ctx, const char *file, const char *path, uint64_t size,
                      struct loaded *out) {
    *out = (struct loaded){.copy = -1};
    hk_status status = map(ctx, file, path, out);
    if (status) {
        loader_close(out);
        return status;
    }
    const struct hk_plugin *plugin = dlsym(out->handle, "hk_plugin");
    status = plugin ? descriptor_head(ctx, file, plugin, size)
                    : fail(ctx, HK_PLUGIN, "%s: no plugin: it exports no symbol hk_plugin", file);
    if (status || (status = complete(ctx, plugin, out)) ||
        (status = descriptor_check(ctx, file, out->plugin, sizeof *out->plugin))) {
        loader_close(out);
    }
    return status;
}

void loader_close(struct loaded *loaded) {
    free(loaded->whole);
    if (loaded->handle) {
        dlclose(loaded->handle);
    }
    if (loaded->copy >= 0) {
        close(loaded->copy);
    }
    *loaded = (struct loaded){.copy = -1};
}
