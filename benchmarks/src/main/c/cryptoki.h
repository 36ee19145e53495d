/* The part of PKCS#11 v2.40 that the load program uses; written from the specification, for LP64 Linux. */
#ifndef CRYPTOKI_H
#define CRYPTOKI_H

typedef unsigned long CK_ULONG;
typedef CK_ULONG CK_RV, CK_SLOT_ID, CK_SESSION_HANDLE, CK_OBJECT_HANDLE;
typedef unsigned char CK_BYTE;

typedef struct {
    CK_BYTE major, minor;
} CK_VERSION;

typedef struct {
    CK_ULONG type;
    void *value;
    CK_ULONG length;
} CK_ATTRIBUTE;

typedef struct {
    CK_ULONG mechanism;
    void *parameter;
    CK_ULONG length;
} CK_MECHANISM;

typedef struct {
    CK_BYTE label[32], manufacturer[32], model[16], serial[16];
    CK_ULONG flags, counts[10];
    CK_VERSION hardware, firmware;
    CK_BYTE time[16];
} CK_TOKEN_INFO;

typedef struct {
    void *create, *destroy, *lock, *unlock;
    CK_ULONG flags;
    void *reserved;
} CK_C_INITIALIZE_ARGS;

/* All functions take and return words, so one type serves for the few that are called. */
typedef CK_RV (*CK_FUNCTION)();

typedef struct {
    CK_VERSION version;
    CK_FUNCTION functions[68];
} CK_FUNCTION_LIST;

/* Places in the function list (PKCS#11 v2.40, section 5.1). */
enum {
    C_INITIALIZE = 0,
    C_FINALIZE = 1,
    C_GET_SLOT_LIST = 4,
    C_GET_TOKEN_INFO = 6,
    C_OPEN_SESSION = 12,
    C_LOGIN = 18,
    C_FIND_OBJECTS_INIT = 26,
    C_FIND_OBJECTS = 27,
    C_FIND_OBJECTS_FINAL = 28,
    C_DECRYPT_INIT = 33,
    C_DECRYPT = 34,
    C_SIGN_INIT = 42,
    C_SIGN = 43
};

#define CKR_OK 0UL
#define CKR_USER_ALREADY_LOGGED_IN 0x100UL
#define CKF_OS_LOCKING_OK 2UL
#define CKF_SERIAL_SESSION 4UL
#define CKF_PROTECTED_AUTHENTICATION_PATH 0x100UL
#define CKU_USER 1UL
#define CKO_PRIVATE_KEY 3UL
#define CKA_CLASS 0UL
#define CKA_LABEL 3UL
#define CKM_RSA_PKCS 1UL
#define CKM_ECDSA 0x1041UL

#endif
