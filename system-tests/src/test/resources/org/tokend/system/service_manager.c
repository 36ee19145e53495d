/*
 * What systemd does for a service with FileDescriptorStoreMax=, and no more.
 *
 *     service_manager keep NOTIFY HAND     takes descriptors that come with FDSTORE=1 to NOTIFY, and hands each of them, once, to whoever
 *                                          connects to HAND; says on standard output what it took
 *     service_manager launch HAND COMMAND  becomes the command, with what was kept as LISTEN_FDS
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MOST 253
#define NAME 64

static int failed(const char *what) {
    perror(what);
    return 70;
}

static struct sockaddr_un address(const char *path) {
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    strncpy(a.sun_path, path, sizeof a.sun_path - 1);
    return a;
}

static int bound(const char *path, int type) {
    struct sockaddr_un a = address(path);
    int s = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    return s < 0 || bind(s, (struct sockaddr *)&a, sizeof a) ? -1 : s;
}

/* One message with its descriptors; their number in *count. */
static ssize_t receive(int s, char *text, size_t size, int *descriptors, int *count) {
    union { char bytes[CMSG_SPACE(MOST * sizeof(int))]; struct cmsghdr align; } control;
    struct iovec part = {text, size - 1};
    struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t length = recvmsg(s, &m, 0);
    *count = 0;
    if (length < 0) return length;
    text[length] = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
            *count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            memcpy(descriptors, CMSG_DATA(c), *count * sizeof(int));
        }
    }
    return length;
}

static int hand(int s, const char *text, const int *descriptors, int count) {
    union { char bytes[CMSG_SPACE(MOST * sizeof(int))]; struct cmsghdr align; } control = {{0}};
    struct iovec part = {(char *)text, strlen(text)};
    struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1};
    if (count) {
        m.msg_control = &control;
        m.msg_controllen = CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(c), descriptors, count * sizeof(int));
    }
    return sendmsg(s, &m, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

static int keep(const char *notify_path, const char *hand_path) {
    static int kept[MOST], came[MOST];
    int kept_count = 0, count;
    char text[4096], name[NAME] = "none";
    int notify = bound(notify_path, SOCK_DGRAM), handing = bound(hand_path, SOCK_STREAM);
    if (notify < 0 || handing < 0 || listen(handing, 8)) return failed("bind");
    struct pollfd waited[] = {{notify, POLLIN, 0}, {handing, POLLIN, 0}};
    while (poll(waited, 2, -1) > 0) {
        if (waited[0].revents) {
            if (receive(notify, text, sizeof text, came, &count) < 0) return failed("recvmsg");
            char *named = strstr(text, "FDNAME=");
            int store = strstr(text, "FDSTORE=1") && named;
            if (store) sscanf(named, "FDNAME=%63[^\n]", name);
            for (int i = 0; i < count; i++) {
                if (store && kept_count < MOST) kept[kept_count++] = came[i];
                else close(came[i]);
            }
            if (count) printf("kept %d %s\n", count, name), fflush(stdout);
        } else {
            int launcher = accept4(handing, NULL, NULL, SOCK_CLOEXEC);
            if (launcher < 0 || hand(launcher, name, kept, kept_count)) return failed("hand");
            close(launcher);
            while (kept_count) close(kept[--kept_count]);
        }
    }
    return failed("poll");
}

static int launch(const char *hand_path, char **command) {
    static int descriptors[MOST];
    int count;
    char name[NAME], number[16], pid[16], *names;
    struct sockaddr_un a = address(hand_path);
    int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s < 0 || connect(s, (struct sockaddr *)&a, sizeof a)) return failed("connect");
    if (receive(s, name, sizeof name, descriptors, &count) < 0) return failed("recvmsg");
    /* Out of the way of the numbers from 3 on. */
    for (int i = 0; i < count; i++) dup2(descriptors[i], 300 + i);
    names = calloc(count + 1, NAME + 1);
    for (int i = 0; i < count; i++) {
        dup2(300 + i, 3 + i);
        close(300 + i);
        strcat(strcat(names, i ? ":" : ""), name);
    }
    for (int i = 0; i < count; i++) if (descriptors[i] >= 3 + count) close(descriptors[i]);
    snprintf(number, sizeof number, "%d", count);
    snprintf(pid, sizeof pid, "%d", getpid());
    setenv("LISTEN_FDS", number, 1);
    setenv("LISTEN_PID", pid, 1);
    setenv("LISTEN_FDNAMES", names, 1);
    execv(command[0], command);
    return failed(command[0]);
}

int main(int count, char **words) {
    if (count == 4 && !strcmp(words[1], "keep")) return keep(words[2], words[3]);
    if (count > 3 && !strcmp(words[1], "launch")) return launch(words[2], words + 3);
    return 64;
}
