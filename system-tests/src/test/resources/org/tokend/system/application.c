/*
 * An application that does with a PKCS#11 module what each line of its standard input says. It answers with any number
 * of lines that begin with "+", and one that begins with "=" and the CKR in hex. Names are those of PKCS#11 v2.40.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pkcs11.h"

enum { CLASS = 0, TOKEN = 1, PRIVATE = 2, LABEL = 3, VALUE = 0x11, KEY_TYPE = 0x100, ID = 0x102, ENCRYPT = 0x104,
       SIGN = 0x108, VERIFY = 0x10a, MODULUS_BITS = 0x121, VALUE_LEN = 0x161 };
enum { PRIVATE_KEY = 3, OS_LOCKING = 2, SERIAL_SESSION = 4, RW_SESSION = 2, MANY = 256, LONGEST = 65536 };
#define NOTHING (~0ul)

static function_list *p11;

typedef struct { U slot, count, mechanism; const char *label; int number; pthread_t thread; } worker;
static pthread_mutex_t output = PTHREAD_MUTEX_INITIALIZER;

static void put_hex(const B *data, U length) {
    for (U i = 0; i < length; i++) printf("%02x", data[i]);
}

static U get_hex(const char *text, B *data) {
    U n = 0;
    unsigned octet;
    for (; text && sscanf(text + 2 * n, "%2x", &octet) == 1; n++) data[n] = (B) octet;
    return n;
}

static void answer(U rv) {
    printf("=%lx\n", rv);
    fflush(stdout);
}

static void answer_number(U rv, U number) {
    printf("=%lx %lx\n", rv, number);
    fflush(stdout);
}

static void answer_bytes(U rv, const B *data, U length) {
    printf("=%lx ", rv);
    if (rv == OK) put_hex(data, length);
    printf("\n");
    fflush(stdout);
}

static U initialize(void) {
    void *arguments[6] = {NULL, NULL, NULL, NULL, (void *) (U) OS_LOCKING, NULL};
    return p11->C_Initialize(arguments);
}

static U find(U s, U class, const char *label, U *found, U *n) {
    attribute wanted[2];
    U terms = 0, rv, some;
    if (class != NOTHING) wanted[terms++] = (attribute) {CLASS, &class, sizeof class};
    if (label) wanted[terms++] = (attribute) {LABEL, (P) label, strlen(label)};
    *n = 0;
    if ((rv = p11->C_FindObjectsInit(s, wanted, terms)) != OK) return rv;
    do {
        rv = p11->C_FindObjects(s, found + *n, 16, &some);
        *n += rv == OK ? some : 0;
    } while (rv == OK && some > 0 && *n + 16 <= MANY);
    p11->C_FindObjectsFinal(s);
    return rv;
}

static U sign(U s, U key, U mechanism, B *data, U n, B *signature, U *length) {
    mechanism_t m = {mechanism, NULL, 0};
    U rv = p11->C_SignInit(s, &m, key);
    return rv == OK ? p11->C_Sign(s, data, n, signature, length) : rv;
}

static U sign_with_label(U s, const char *label, U mechanism, B *data, U n, B *signature, U *length) {
    U keys[MANY], found, rv = find(s, PRIVATE_KEY, label, keys, &found);
    if (rv != OK) return rv;
    return found == 0 ? GENERAL_ERROR : sign(s, keys[0], mechanism, data, n, signature, length);
}

/* Signs so often in a session of its own, or until it fails; writes each input with what came of it. */
static void *sign_often(void *argument) {
    worker *w = argument;
    B data[32] = {0}, signature[1024];
    U s, rv = p11->C_OpenSession(w->slot, SERIAL_SESSION, NULL, NULL, &s);
    for (U i = 0; i < w->count; i++) {
        U length = sizeof signature;
        data[0] = (B) w->number;
        data[1] = (B) i;
        data[2] = (B) (i >> 8);
        U made = rv == OK ? sign_with_label(s, w->label, w->mechanism, data, 32, signature, &length) : rv;
        pthread_mutex_lock(&output);
        printf("+%lx ", made);
        put_hex(data, 32);
        printf(" ");
        if (made == OK) put_hex(signature, length);
        printf("\n");
        pthread_mutex_unlock(&output);
        if (made != OK) break;
    }
    if (rv == OK) rv = p11->C_CloseSession(s);
    return (void *) rv;
}

static void run_threads(U threads, U count, U slot, const char *label, U mechanism) {
    worker *workers = calloc(threads, sizeof *workers);
    U worst = OK;
    for (U i = 0; i < threads; i++) {
        workers[i] = (worker) {slot, count, mechanism, label, (int) i, 0};
        pthread_create(&workers[i].thread, NULL, sign_often, &workers[i]);
    }
    for (U i = 0; i < threads; i++) {
        void *rv;
        pthread_join(workers[i].thread, &rv);
        if ((U) rv != OK) worst = (U) rv;
    }
    free(workers);
    answer(worst);
}

static volatile int flooding;
static volatile long flood_calls;

static void *flood(void *argument) {
    U slot = *(U *) argument, s, n, found[MANY];
    static __thread B noise[60000];
    while (flooding) {
        if (p11->C_OpenSession(slot, SERIAL_SESSION, NULL, NULL, &s) == OK) {
            find(s, NOTHING, NULL, found, &n);
            p11->C_GenerateRandom(s, noise, sizeof noise);
            p11->C_SeedRandom(s, noise, sizeof noise);
        } else {
            p11->C_CloseAllSessions(slot);
        }
        p11->C_SignInit(s, noise, NOTHING);
        __atomic_add_fetch(&flood_calls, 1, __ATOMIC_SEQ_CST);
    }
    return NULL;
}

static pthread_t flood_threads[8];
static U flood_slot;

static void flood_start(U slot) {
    flood_slot = slot;
    flooding = 1;
    for (int i = 0; i < 8; i++) pthread_create(&flood_threads[i], NULL, flood, &flood_slot);
    answer(OK);
}

static void flood_stop(void) {
    flooding = 0;
    for (int i = 0; i < 8; i++) pthread_join(flood_threads[i], NULL);
    answer_number(OK, (U) flood_calls);
}

/* Data objects of so many bytes in memory, until one is refused: how, and how many there are. */
static void hoard(U s, U bytes) {
    U class = 0, object, made = 0, rv;
    B on_token = 0, *value = calloc(bytes, 1);
    attribute template[] = {{CLASS, &class, sizeof class}, {TOKEN, &on_token, 1}, {VALUE, value, bytes}};
    while ((rv = p11->C_CreateObject(s, template, 3, &object)) == OK) made++;
    free(value);
    answer_number(rv, made);
}

/* The child asks without and with a C_Initialize of its own, and signs; its answers come before the parent's. */
static void do_fork(U slot, const char *label, U mechanism) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        B data[32] = {0xcc}, signature[1024], info[256];
        U s = 0, length = sizeof signature;
        printf("+%lx\n", p11->C_GetInfo(info));
        U rv = initialize();
        if (rv == OK) rv = p11->C_OpenSession(slot, SERIAL_SESSION, NULL, NULL, &s);
        if (rv == OK) p11->C_Login(s, 1, NULL, 0);
        if (rv == OK) rv = sign_with_label(s, label, mechanism, data, 32, signature, &length);
        printf("+%lx ", rv);
        put_hex(data, 32);
        printf(" ");
        if (rv == OK) put_hex(signature, length);
        printf("\n");
        p11->C_Finalize(NULL);
        fflush(stdout);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    answer_number(OK, (U) status);
}

/* One attribute as the module gives it: CKR, length, bytes; and what the question for its length gets. */
static void dump_attribute(U s, U object, U type) {
    static B value[LONGEST];
    attribute asked = {type, NULL, 0}, a = {type, value, sizeof value};
    U sized = p11->C_GetAttributeValue(s, object, &asked, 1), rv = p11->C_GetAttributeValue(s, object, &a, 1);
    printf("+%lx %lx %lx %lx %lx ", type, sized, asked.length, rv, a.length);
    if (rv == OK && a.length <= sizeof value) put_hex(value, a.length);
    printf("\n");
}

static const U TYPES[] = {
    0x0, 0x1, 0x2, 0x3, 0x4, 0x10, 0x11, 0x12, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8b,
    0x8c, 0x90, 0x100, 0x101, 0x102, 0x103, 0x104, 0x105, 0x106, 0x107, 0x108, 0x109, 0x10a, 0x10b, 0x10c, 0x110, 0x111,
    0x120, 0x121, 0x122, 0x123, 0x124, 0x125, 0x126, 0x127, 0x128, 0x129, 0x130, 0x131, 0x132, 0x133, 0x134, 0x160, 0x161,
    0x162, 0x163, 0x164, 0x165, 0x166, 0x170, 0x171, 0x172, 0x180, 0x181, 0x200, 0x201, 0x202, 0x210, 0x300, 0x301, 0x302,
    0x500, 0x601, 0x602, 0x40000600, 0x80000001, 0xce534351, 0xce534352, 0xce536358
};

static void dump(U s) {
    U objects[MANY], n, rv = find(s, NOTHING, NULL, objects, &n);
    for (U i = 0; rv == OK && i < n; i++) {
        printf("+object %lx\n", objects[i]);
        for (U t = 0; t < sizeof TYPES / sizeof *TYPES; t++) dump_attribute(s, objects[i], TYPES[t]);
    }
    answer(rv);
}

#define IS(text) !strcmp(function, text)

/* Calls what changes a token, with arguments that a token which allows it would accept. */
static U administer(const char *function, U slot, U s, U object, U other) {
    U data_class = 0, key_type_aes = 0x1f, bits = 2048, length = 16, handle, second, n = 1024;
    B yes = 1, no = 0, text[] = "written on purpose", out[1024], exponent[] = {1, 0, 1};
    attribute data[] = {{CLASS, &data_class, sizeof data_class}, {TOKEN, &yes, 1}, {LABEL, text, 7}, {VALUE, text, 18}};
    attribute renamed[] = {{LABEL, text, 7}}, on_token[] = {{TOKEN, &yes, 1}, {LABEL, text, 7}};
    attribute secret[] = {{TOKEN, &yes, 1}, {VALUE_LEN, &length, sizeof length}, {ENCRYPT, &yes, 1}};
    attribute unwrapped[] = {{CLASS, (U[]) {4}, 8}, {KEY_TYPE, &key_type_aes, 8}, {TOKEN, &yes, 1}};
    attribute public_key[] = {
        {TOKEN, &yes, 1}, {VERIFY, &yes, 1}, {MODULUS_BITS, &bits, sizeof bits}, {0x122, exponent, 3}, {LABEL, text, 7}};
    attribute private_key[] = {{TOKEN, &yes, 1}, {PRIVATE, &yes, 1}, {SIGN, &yes, 1}, {LABEL, text, 7}};
    mechanism_t rsa_pair = {0, NULL, 0}, aes_key = {0x1080, NULL, 0}, rsa = {1, NULL, 0}, ecdh = {0x1050, NULL, 0};
    (void) no;
    if (IS("C_CreateObject")) return p11->C_CreateObject(s, data, 4, &handle);
    if (IS("C_CopyObject")) return p11->C_CopyObject(s, object, on_token, 2, &handle);
    if (IS("C_DestroyObject")) return p11->C_DestroyObject(s, object);
    if (IS("C_SetAttributeValue")) return p11->C_SetAttributeValue(s, object, renamed, 1);
    if (IS("C_GenerateKey")) return p11->C_GenerateKey(s, &aes_key, secret, 3, &handle);
    if (IS("C_GenerateKeyPair"))
        return p11->C_GenerateKeyPair(s, &rsa_pair, public_key, 5, private_key, 4, &handle, &second);
    if (IS("C_WrapKey")) return p11->C_WrapKey(s, &rsa, other, object, out, &n);
    if (IS("C_UnwrapKey")) return p11->C_UnwrapKey(s, &rsa, object, out, 256, unwrapped, 3, &handle);
    if (IS("C_DeriveKey")) return p11->C_DeriveKey(s, &ecdh, object, unwrapped, 3, &handle);
    if (IS("C_InitPIN")) return p11->C_InitPIN(s, text, 7);
    if (IS("C_SetPIN")) return p11->C_SetPIN(s, text, 7, text, 7);
    if (IS("C_InitToken")) return p11->C_InitToken(slot, text, 7, (P) "written                          ");
    return 0x54;
}

static void print_found(U rv, const U *found, U n) {
    for (U i = 0; rv == OK && i < n; i++) printf("+%lx\n", found[i]);
    answer(rv);
}

static void operate(const char *command, U *number, char *text) {
    static B in[LONGEST], out[LONGEST];
    U n = get_hex(text, in), length = sizeof out, rv;
    mechanism_t m = {number[2], NULL, 0};
    if (!strcmp(command, "sign")) {
        rv = sign(number[0], number[1], number[2], in, n, out, &length);
    } else {
        rv = p11->C_DecryptInit(number[0], &m, number[1]);
        if (rv == OK) rv = p11->C_Decrypt(number[0], in, n, out, &length);
    }
    answer_bytes(rv, out, length);
}

static void look(const char *command, U *number) {
    static B value[LONGEST];
    U found[MANY], n = MANY, rv;
    if (!strcmp(command, "slots")) {
        rv = p11->C_GetSlotList((B) number[0], found, &n);
        print_found(rv, found, n);
    } else if (!strcmp(command, "mechanisms")) {
        rv = p11->C_GetMechanismList(number[0], found, &n);
        print_found(rv, found, n);
    } else if (!strcmp(command, "token")) {
        token_info info[4];
        rv = p11->C_GetTokenInfo(number[0], info);
        printf("+%.32s\n", info[0].label);
        answer_number(rv, info[0].flags);
    } else if (!strcmp(command, "wait")) {
        rv = p11->C_WaitForSlotEvent(number[0], found, NULL);
        answer_number(rv, found[0]);
    } else if (!strcmp(command, "state")) {
        rv = p11->C_GetSessionInfo(number[0], found);
        answer_number(rv, found[1]);
    } else if (!strcmp(command, "attribute")) {
        attribute a = {number[2], value, sizeof value};
        rv = p11->C_GetAttributeValue(number[0], number[1], &a, 1);
        answer_bytes(rv, value, a.length);
    } else {
        answer(0x54);
    }
}

static void session(const char *command, U *number, char *text) {
    U handle = 0, found[MANY], n, rv;
    if (!strcmp(command, "open")) {
        rv = p11->C_OpenSession(number[0], number[1], NULL, NULL, &handle);
        answer_number(rv, handle);
    } else if (!strcmp(command, "close")) {
        answer(p11->C_CloseSession(number[0]));
    } else if (!strcmp(command, "login")) {
        answer(p11->C_Login(number[0], number[1], text, text ? strlen(text) : 0));
    } else if (!strcmp(command, "logout")) {
        answer(p11->C_Logout(number[0]));
    } else {
        rv = find(number[0], number[1], text, found, &n);
        print_found(rv, found, n);
    }
}

static int is_one_of(const char *word, const char *words) {
    char padded[64];
    snprintf(padded, sizeof padded, " %s ", word);
    return strstr(words, padded) != NULL;
}

/* A line is a command, numbers in hex ("-" is none), and for some a text behind them. */
static void obey(char *line) {
    char *command = strtok(line, " "), *word, *text = NULL;
    U number[5] = {0};
    int n = 0;
    while ((word = strtok(NULL, " "))) {
        char *end;
        U value = strtoul(word, &end, 16);
        if (*word == ':') text = word + 1;
        else if (n < 5) number[n++] = *end ? NOTHING : value;
    }
    if (!strcmp(command, "initialize")) answer(initialize());
    else if (!strcmp(command, "finalize")) answer(p11->C_Finalize(NULL));
    else if (!strcmp(command, "threads")) run_threads(number[0], number[1], number[2], text, number[3]);
    else if (!strcmp(command, "flood")) flood_start(number[0]);
    else if (!strcmp(command, "unflood")) flood_stop();
    else if (!strcmp(command, "hoard")) hoard(number[0], number[1]);
    else if (!strcmp(command, "fork")) do_fork(number[0], text, number[1]);
    else if (!strcmp(command, "dump")) dump(number[0]);
    else if (!strcmp(command, "administer")) answer(administer(text, number[0], number[1], number[2], number[3]));
    else if (is_one_of(command, " open close login logout find ")) session(command, number, text);
    else if (is_one_of(command, " sign decrypt ")) operate(command, number, text);
    else look(command, number);
}

int main(int argc, char **argv) {
    static char line[3 * LONGEST];
    U (*get_list)(function_list **) = NULL;
    P library = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    signal(SIGPIPE, SIG_DFL);
    if (library) *(P *) &get_list = dlsym(library, "C_GetFunctionList");
    if (!get_list || get_list(&p11) != OK) {
        fprintf(stderr, "usage: application MODULE: %s\n", dlerror());
        return 64;
    }
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        if (!strcmp(line, "quit")) break;
        obey(line);
    }
    return 0;
}
