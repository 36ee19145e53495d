/* Operations through any PKCS#11 module, loaded as an application loads it. */
#include "module_client.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cryptoki.h"

/* SHA-256 DigestInfo of 32 bytes, RFC 8017 section 9.2. */
static const CK_BYTE digest_info[51] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04,
                                        0x02, 0x01, 0x05, 0x00, 0x04, 0x20, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a};

struct worker {
    const struct target *target;
    CK_SESSION_HANDLE session;
    CK_OBJECT_HANDLE p256, rsa;
};

static CK_FUNCTION_LIST *module;

#define CALL(function, ...) (module->functions[function](__VA_ARGS__))

static int refuse(char *why, const char *what, CK_RV rv) {
    snprintf(why, WHY, "%s: 0x%lx", what, rv);
    return -1;
}

int module_load(const struct target *target, char *why) {
    void *library = dlopen(target->module, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        snprintf(why, WHY, "%s", dlerror());
        return -1;
    }
    CK_RV (*get_function_list)(CK_FUNCTION_LIST **) = dlsym(library, "C_GetFunctionList");
    if (!get_function_list) return refuse(why, "no C_GetFunctionList", 0);
    CK_RV rv = get_function_list(&module);
    if (rv != CKR_OK) return refuse(why, "C_GetFunctionList", rv);
    CK_C_INITIALIZE_ARGS arguments = {.flags = CKF_OS_LOCKING_OK};
    rv = CALL(C_INITIALIZE, &arguments);
    return rv == CKR_OK ? 0 : refuse(why, "C_Initialize", rv);
}

static int find_slot(const char *label, CK_SLOT_ID *slot, CK_TOKEN_INFO *info, char *why) {
    CK_SLOT_ID slots[64];
    CK_ULONG count = 64;
    CK_RV rv = CALL(C_GET_SLOT_LIST, (CK_BYTE)1, slots, &count);
    if (rv != CKR_OK) return refuse(why, "C_GetSlotList", rv);
    size_t length = strlen(label);
    for (CK_ULONG i = 0; i < count; i++) {
        if (CALL(C_GET_TOKEN_INFO, slots[i], info) == CKR_OK && memcmp(info->label, label, length) == 0) {
            *slot = slots[i];
            return 0;
        }
    }
    return refuse(why, "no such token among these", count);
}

static int login(CK_SESSION_HANDLE session, const CK_TOKEN_INFO *info, const char *pin_file, char *why) {
    char pin[64];
    CK_ULONG length = 0;
    int asks_itself = (info->flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
    if (!asks_itself) {
        FILE *file = fopen(pin_file, "r");
        if (!file) return refuse(why, "the PIN file cannot be read", 0);
        length = fread(pin, 1, sizeof pin, file);
        fclose(file);
    }
    CK_RV rv = CALL(C_LOGIN, session, CKU_USER, asks_itself ? NULL : pin, length);
    return rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN ? 0 : refuse(why, "C_Login", rv);
}

static int find_key(CK_SESSION_HANDLE session, const char *label, CK_OBJECT_HANDLE *key, char *why) {
    CK_ULONG class = CKO_PRIVATE_KEY, count = 0;
    CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof class}, {CKA_LABEL, (void *)label, strlen(label)}};
    CK_RV rv = CALL(C_FIND_OBJECTS_INIT, session, template, 2UL);
    if (rv == CKR_OK) rv = CALL(C_FIND_OBJECTS, session, key, 1UL, &count);
    if (rv == CKR_OK) rv = CALL(C_FIND_OBJECTS_FINAL, session);
    return rv == CKR_OK && count == 1 ? 0 : refuse(why, "the key is not found", rv);
}

void *module_open(const struct target *target, char *why) {
    struct worker *worker = calloc(1, sizeof *worker);
    CK_SLOT_ID slot;
    CK_TOKEN_INFO info;
    worker->target = target;
    if (find_slot(target->token, &slot, &info, why)) return NULL;
    CK_RV rv = CALL(C_OPEN_SESSION, slot, CKF_SERIAL_SESSION, NULL, NULL, &worker->session);
    if (rv != CKR_OK) {
        refuse(why, "C_OpenSession", rv);
        return NULL;
    }
    if (login(worker->session, &info, target->pin_file, why)) return NULL;
    if (target->p256 && find_key(worker->session, target->p256, &worker->p256, why)) return NULL;
    if (target->rsa && find_key(worker->session, target->rsa, &worker->rsa, why)) return NULL;
    return worker;
}

static int operated(const char *function, CK_RV rv) {
    if (rv == CKR_OK) return 0;
    char answer[32];
    snprintf(answer, sizeof answer, "0x%lx", rv);
    return tell_refusal(function, answer);
}

static int sign(const struct worker *worker, CK_ULONG type, CK_OBJECT_HANDLE key, const CK_BYTE *data, CK_ULONG length) {
    CK_MECHANISM mechanism = {type, NULL, 0};
    CK_BYTE signature[512];
    CK_ULONG signature_length = sizeof signature;
    CK_RV rv = CALL(C_SIGN_INIT, worker->session, &mechanism, key);
    if (rv != CKR_OK) return operated("C_SignInit", rv);
    return operated("C_Sign", CALL(C_SIGN, worker->session, data, length, signature, &signature_length));
}

static int decrypt(const struct worker *worker) {
    CK_MECHANISM mechanism = {CKM_RSA_PKCS, NULL, 0};
    CK_BYTE plaintext[512];
    CK_ULONG length = sizeof plaintext;
    CK_RV rv = CALL(C_DECRYPT_INIT, worker->session, &mechanism, worker->rsa);
    if (rv != CKR_OK) return operated("C_DecryptInit", rv);
    rv = CALL(C_DECRYPT, worker->session, worker->target->ciphertext, worker->target->ciphertext_length, plaintext, &length);
    return operated("C_Decrypt", rv);
}

int module_do(void *opened, enum operation operation) {
    const struct worker *worker = opened;
    switch (operation) {
        case P256:
            return sign(worker, CKM_ECDSA, worker->p256, digest_info + 19, 32);
        case RSA:
            return sign(worker, CKM_RSA_PKCS, worker->rsa, digest_info, sizeof digest_info);
        case DECRYPT:
            return decrypt(worker);
        default:
            return -1;
    }
}
