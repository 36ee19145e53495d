/* How long a program that has just been started takes to its first signature. */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "load.h"

extern char **environ;

int once(const struct target *target) {
    char why[WHY] = "";
    struct client *client = client_load(target, why) ? NULL : client_open(target, why);
    if (client && client_do(client, P256) == 0) {
        printf("ok %lld\n", (long long)now_nanos());
        return 0;
    }
    printf("failed %s\n", why[0] ? why : "the signature");
    return 1;
}

struct child {
    pid_t pid;
    int64_t started;
    FILE *said;
};

static void start(struct child *child, char **arguments) {
    int ends[2];
    if (pipe(ends)) abort();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    child->started = now_nanos();
    if (posix_spawn(&child->pid, "/proc/self/exe", &actions, NULL, arguments, environ)) abort();
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    child->said = fdopen(ends[0], "r");
}

/* Prints the microseconds to the first signature, or why there was none. */
static void finish(struct child *child, int first) {
    char line[WHY + 16] = "failed without a word";
    long long when;
    char *unused = fgets(line, sizeof line, child->said);
    (void)unused;
    fclose(child->said);
    waitpid(child->pid, NULL, 0);
    line[strcspn(line, "\n\"\\")] = 0;
    printf(first ? "" : ",");
    if (sscanf(line, "ok %lld", &when) == 1)
        printf("%.1f", (double)(when - child->started) / 1000.0);
    else
        printf("\"%s\"", line);
}

int launch(char **arguments, int times, int at_once) {
    struct child *children = calloc((size_t)times, sizeof *children);
    printf("[");
    fflush(stdout);
    for (int i = 0; at_once && i < times; i++) start(&children[i], arguments);
    for (int i = 0; i < times; i++) {
        if (!at_once) start(&children[i], arguments);
        finish(&children[i], i == 0);
    }
    printf("]\n");
    return 0;
}
