#!/bin/sh
# Makes the certificates of a bus with openssl, for who has no cert-manager (components/certificates does the same there):
#   k8s/certificates.sh DIRECTORY [NAMESPACE [NAME]...]
# NAMESPACE: millrace. NAME: how clients call the bus beside its service's names, as bus.example.com or IP:10.1.2.3.
# DIRECTORY gets two authorities, and a directory for each of the secrets that the pods mount (the commands are printed). Run
# again, it renews the certificates under the authorities that are there. Keep the authorities' keys away from the cluster.
set -eu
directory=${1:?usage: certificates.sh DIRECTORY [NAMESPACE [NAME]...]}
namespace=${2:-millrace}
names=DNS:millrace,DNS:millrace.$namespace,DNS:millrace.$namespace.svc,DNS:millrace.$namespace.svc.cluster.local
if [ $# -gt 2 ]; then shift 2; else set --; fi
for name in "$@"; do
    case $name in *:*) names=$names,$name ;; *) names=$names,DNS:$name ;; esac
done
umask 077
mkdir -p "$directory/remoting" "$directory/http"
cd "$directory"

# RSA: what the nodes' remoting takes.
key() { openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out "$1" 2>/dev/null; }

authority() {
    [ ! -e "$1-authority.key" ] || return 0
    key "$1-authority.key"
    openssl req -x509 -new -key "$1-authority.key" -subj "/CN=millrace-$1" -days 3650 -sha256 \
        -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign,cRLSign -out "$1-authority.crt"
}

# certificate WHICH NAME USAGES NAMES
certificate() {
    authority "$1"
    key "$1/tls.key"
    openssl req -new -key "$1/tls.key" -subj "/CN=$2" -out "$1.csr"
    printf 'basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=%s\nsubjectAltName=%s\n' \
        "$3" "$4" > "$1.ext"
    openssl x509 -req -in "$1.csr" -CA "$1-authority.crt" -CAkey "$1-authority.key" -CAcreateserial -days 90 -sha256 \
        -extfile "$1.ext" -out "$1/tls.crt" 2>/dev/null
    cp "$1-authority.crt" "$1/ca.crt"
    rm "$1.csr" "$1.ext"
    openssl verify -CAfile "$1/ca.crt" "$1/tls.crt" >/dev/null
}

# Who has one of these is a node of the bus. One for all of them: they are alike, and come and go.
certificate remoting millrace-node serverAuth,clientAuth DNS:millrace-node
# What clients see; they need http/ca.crt.
certificate http millrace serverAuth "$names"

for which in remoting http; do
    echo "kubectl -n $namespace create secret generic millrace-$which-tls --from-file=$PWD/$which --dry-run=client -o yaml | kubectl apply -f -"
done
