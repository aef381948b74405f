#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Makes the certificates of the TLS tests anew; see README.md.
set -eu
cd "$(dirname "$0")"
keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT
cat >"$keys/ca.conf" <<END
[ca]
default_ca = own
[own]
database = $keys/index
new_certs_dir = $keys
rand_serial = yes
policy = any
default_md = sha256
[any]
commonName = supplied
END

# sign NAME FROM TO EXTENSIONS ARGUMENTS... : $keys/NAME.pem and its key.
sign() {
  name=$1 from=$2 to=$3
  printf '%s\n' "$4" >"$keys/extensions"
  shift 4
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=gst-modelverse $name" \
    -keyout "$keys/$name.key" -out "$keys/request"
  : >"$keys/index"
  openssl ca -batch -config "$keys/ca.conf" -notext -in "$keys/request" -startdate "$from" \
    -enddate "$to" -extfile "$keys/extensions" -out "$keys/$name.pem" "$@"
}

# authority NAME
authority() {
  sign "$1" 20200101000000Z 21300101000000Z \
    'basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign' -selfsign -keyfile "$keys/$1.key"
}

# certificate NAME AUTHORITY FROM TO WHOM : NAME.pem, the certificate and its key.
certificate() {
  sign "$1" "$3" "$4" "subjectAltName=$5
basicConstraints=CA:FALSE" -cert "$keys/$2.pem" -keyfile "$keys/$2.key"
  cat "$keys/$1.pem" "$keys/$1.key" >"$1.pem"
}

here='IP:127.0.0.1,DNS:localhost,DNS:api.service.test'
then=20200101000000Z
far=21250101000000Z
authority ca
authority other-ca
certificate server ca $then $far "$here"
certificate expired ca $then 20210101000000Z "$here"
certificate future ca 21240101000000Z $far "$here"
certificate other-name ca $then $far 'DNS:other.service.test'
certificate foreign other-ca $then $far "$here"
cp "$keys/ca.pem" ca.pem
