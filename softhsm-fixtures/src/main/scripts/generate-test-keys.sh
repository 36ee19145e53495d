#!/bin/sh
# Makes the pool of test keys anew: PKCS#8 and SubjectPublicKeyInfo in one PEM file for each key.
# They are checked in, because importing a key takes a tenth of the time of generating one, and because runs stay
# comparable. Run it in the module's directory only to replace them; every certificate made from them changes too.
set -eu
cd "$(dirname "$0")/../resources/org/tokend/fixtures/keys"

make() {
    name=$1
    shift
    private=$(openssl genpkey "$@" 2>/dev/null)
    {
        echo "TEST KEY, published on purpose. Never use it for anything but tests."
        printf '%s\n' "$private"
        printf '%s\n' "$private" | openssl pkey -pubout
    } > "$name.pem"
}

for name in rsa-2048-a rsa-2048-b rsa-2048-c ca-issuing; do
    make "$name" -algorithm RSA -pkeyopt rsa_keygen_bits:2048
done
for name in rsa-3072 ca-root; do
    make "$name" -algorithm RSA -pkeyopt rsa_keygen_bits:3072
done
make rsa-4096 -algorithm RSA -pkeyopt rsa_keygen_bits:4096
make p256-a -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve
make p256-b -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve
make p384 -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -pkeyopt ec_param_enc:named_curve
make p521 -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -pkeyopt ec_param_enc:named_curve
make ed25519 -algorithm ED25519
