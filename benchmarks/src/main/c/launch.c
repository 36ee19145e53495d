/* How long a program that has just been started takes to its first signature, or a daemon until it is ready. */
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
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

/* Takes the place of systemd; see sd_notify(3). */
static int notify_socket(char *name) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    /* An abstract name: nothing is left behind on disk. */
    int length = snprintf(name, sizeof address.sun_path, "@bench-ready-%d", (int)getpid());
    memcpy(address.sun_path + 1, name + 1, (size_t)length - 1);
    socklen_t size = (socklen_t)(sizeof address.sun_family + (size_t)length);
    if (bind(fd, (struct sockaddr *)&address, size)) abort();
    struct timeval patience = {.tv_sec = 30};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
}

int ready(char **command) {
    char name[108], message[512];
    int fd = notify_socket(name);
    setenv("NOTIFY_SOCKET", name, 1);
    pid_t pid;
    int64_t started = now_nanos();
    if (posix_spawnp(&pid, command[0], NULL, NULL, command, environ)) abort();
    for (;;) {
        ssize_t count = recv(fd, message, sizeof message - 1, 0);
        message[count > 0 ? count : 0] = 0;
        if (count <= 0 || strstr(message, "READY=1")) break;
    }
    if (message[0]) printf("%.1f\n", (double)(now_nanos() - started) / 1000.0);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    return message[0] ? 0 : 1;
}
