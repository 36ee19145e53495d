#include "client.h"

#include <stdio.h>
#include <stdlib.h>

#include "module_client.h"
#include "socket_client.h"

struct client {
    int is_socket;
    void *worker;
};

int client_load(const struct target *target, char *why) {
    return target->socket ? 0 : module_load(target, why);
}

struct client *client_open(const struct target *target, char *why) {
    void *worker = target->socket ? socket_open(target, why) : module_open(target, why);
    if (!worker) return NULL;
    struct client *client = malloc(sizeof *client);
    client->is_socket = target->socket != NULL;
    client->worker = worker;
    return client;
}

int client_do(struct client *client, enum operation operation) {
    return client->is_socket ? socket_do(client->worker, operation) : module_do(client->worker, operation);
}

int tell_refusal(const char *what, const char *answer) {
    static int told;
    if (!__atomic_exchange_n(&told, 1, __ATOMIC_RELAXED)) fprintf(stderr, "load: %s: %s\n", what, answer);
    return -1;
}
