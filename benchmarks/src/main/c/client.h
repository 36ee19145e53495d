/* What a worker of the load program does its operations with: a PKCS#11 module, or tokend's native socket. */
#ifndef CLIENT_H
#define CLIENT_H

#include <stddef.h>

enum operation { P256, RSA, DECRYPT, OPERATIONS };

/* From the command line. Either module or socket is set. */
struct target {
    const char *module, *token, *pin_file; /* a PKCS#11 module, the label of the token, where its PIN is */
    const char *socket;                    /* tokend's native socket */
    const char *p256, *rsa;                /* labels of keys, or names of keys in tokend's protocol */
    unsigned char ciphertext[512];         /* for RSA, PKCS#1 v1.5 */
    size_t ciphertext_length;
};

struct client;

/* Once for each process. Returns 0, or -1 with the reason in why[WHY]. */
enum { WHY = 160 };
int client_load(const struct target *target, char *why);

/* Once for each worker. NULL with the reason in why[WHY]. */
struct client *client_open(const struct target *target, char *why);

/* Returns 0 when the operation has succeeded. */
int client_do(struct client *client, enum operation operation);

/* What an operation was refused with goes to standard error, the first time in each process. Returns -1. */
int tell_refusal(const char *what, const char *answer);

#endif
