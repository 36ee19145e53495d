/* Operations through tokend's native protocol (docs/protocol.md) with nothing but a socket. */
#include "socket_client.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* 32 bytes of 0x5a. */
#define DIGEST "WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo="

struct worker {
    int fd;
    char request[OPERATIONS][2048];
    size_t length[OPERATIONS];
};

static void base64(const unsigned char *bytes, size_t length, char *text) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        unsigned block = bytes[i] << 16 | (left > 1 ? bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
        *text++ = digits[block >> 18];
        *text++ = digits[block >> 12 & 63];
        *text++ = left > 1 ? digits[block >> 6 & 63] : '=';
        *text++ = left > 2 ? digits[block & 63] : '=';
    }
    *text = 0;
}

static void sign_request(struct worker *worker, enum operation operation, const char *key, const char *algorithm) {
    int length = snprintf(worker->request[operation], sizeof worker->request[operation],
                          "{\"method\":\"org.tokend.Token.Sign\",\"parameters\":{\"key\":\"%s\",\"algorithm\":\"%s\","
                          "\"kind\":\"digest\",\"input\":\"" DIGEST "\"}}",
                          key, algorithm);
    worker->length[operation] = (size_t)length + 1; /* with the NUL that ends a frame */
}

static void decrypt_request(struct worker *worker, const struct target *target) {
    char ciphertext[1024];
    base64(target->ciphertext, target->ciphertext_length, ciphertext);
    int length = snprintf(worker->request[DECRYPT], sizeof worker->request[DECRYPT],
                          "{\"method\":\"org.tokend.Token.Decrypt\",\"parameters\":{\"key\":\"%s\","
                          "\"algorithm\":\"rsa-pkcs1\",\"ciphertext\":\"%s\",\"length\":32}}",
                          target->rsa, ciphertext);
    worker->length[DECRYPT] = (size_t)length + 1;
}

void *socket_open(const struct target *target, char *why) {
    struct worker *worker = calloc(1, sizeof *worker);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", target->socket);
    worker->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(worker->fd, (struct sockaddr *)&address, sizeof address)) {
        snprintf(why, WHY, "connect: %s", strerror(errno));
        close(worker->fd);
        free(worker);
        return NULL;
    }
    if (target->p256) sign_request(worker, P256, target->p256, "ecdsa-sha256");
    if (target->rsa) sign_request(worker, RSA, target->rsa, "rsa-pkcs1-sha256");
    if (target->rsa && target->ciphertext_length) decrypt_request(worker, target);
    return worker;
}

int socket_do(void *opened, enum operation operation) {
    struct worker *worker = opened;
    char reply[4096];
    size_t have = 0;
    size_t length = worker->length[operation];
    if (!length || send(worker->fd, worker->request[operation], length, MSG_NOSIGNAL) != (ssize_t)length) return -1;
    do {
        ssize_t count = recv(worker->fd, reply + have, sizeof reply - have, 0);
        if (count <= 0) return tell_refusal("tokend", count ? strerror(errno) : "the connection has ended");
        have += (size_t)count;
    } while (reply[have - 1] != 0 && have < sizeof reply);
    static const char failure[] = "{\"error\"";
    if (have >= sizeof failure && memcmp(reply, failure, sizeof failure - 1) != 0) return 0;
    reply[have - 1] = 0;
    return tell_refusal("tokend", reply);
}
