/* SPDX-License-Identifier: BSD-3-Clause */
#include "folders.h"
#include "error.h"
#include <dirent.h>
#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

bool folder_is(const char *path) {
    struct stat stat_of;
    return stat(path, &stat_of) == 0 && S_ISDIR(stat_of.st_mode);
}

static char *join(const char *folder, const char *name) {
    char *path = malloc(strlen(folder) + strlen(name) + 2);
    if (path) {
        sprintf(path, "%s/%s", folder, name);
    }
    return path;
}

/* The file that this code was loaded from; the dynamic loader has no name for the program itself.
 */
static char *own_file(void) {
    union {
        char *(*function)(void);
        void *address;
    } here = {.function = folder_library};
    Dl_info info;
    struct link_map *map = NULL;
    bool told = dladdr1(here.address, &info, (void **)&map, RTLD_DL_LINKMAP) && map &&
                map->l_name && *map->l_name;
    return realpath(told ? map->l_name : "/proc/self/exe", NULL);
}

char *folder_library(void) {
    char *file = own_file(), *slash = file ? strrchr(file, '/') : NULL;
    if (slash) {
        *slash = 0;
    }
    const char *beside = slash ? file : ".";
    char *path = join(beside, "hillock/plugins");
    if (path && !folder_is(path)) { /* not installed: a build tree */
        free(path);
        path = join(beside, "plugins");
    }
    free(file);
    return path;
}

static bool is_wanted(const char *name, const char *stem) {
    size_t n = strlen(name);
    return n > 3 && !strcmp(name + n - 3, ".so") && *name != '.' &&
           (!stem || (strlen(stem) == n - 3 && !strncasecmp(name, stem, n - 3)));
}

static int by_path(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool add(struct folder_files *files, const char *folder, const char *name) {
    char *path = join(folder, name);
    char **more = path ? realloc(files->path, (files->n + 1) * sizeof *more) : NULL;
    if (!more) {
        free(path);
        return false;
    }
    files->path = more;
    files->path[files->n++] = path;
    return true;
}

hk_status folder_files(hk_context *ctx, const char *folder, const char *stem,
                       struct folder_files *out) {
    *out = (struct folder_files){0, NULL};
    DIR *dir = opendir(folder);
    bool fine = true;
    for (struct dirent *entry; dir && fine && (entry = readdir(dir));) {
        fine = !is_wanted(entry->d_name, stem) || add(out, folder, entry->d_name);
    }
    if (dir) {
        closedir(dir);
    }
    if (!fine) {
        folder_files_free(out);
        return fail_memory(ctx, "the plugins' files");
    }
    if (out->n) {
        qsort(out->path, out->n, sizeof *out->path, by_path);
    }
    return HK_OK;
}

void folder_files_free(struct folder_files *files) {
    for (uint32_t i = 0; i < files->n; i++) {
        free(files->path[i]);
    }
    free(files->path);
    *files = (struct folder_files){0, NULL};
}
